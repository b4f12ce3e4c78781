import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type MadeUser, type TestProject, testDatabases, testProject } from '@bailiwick/kit/testing'
import { project } from '../../../core/project.ts'
import { OneTimeToken, SecurityEvent, Session, TrustedDevice, User } from '../models.ts'

const ENVIRONMENT = {
  EMAIL_LIMIT: '1000',
  EMAIL_LIMIT_ADDRESS: '100000',
  LOCKOUT_ADDRESS_FAILURES: '10000',
  FRONTEND_URL: 'https://app.acme.test',
}
const NEW = 'A-new-pass-of-asha'
const RESET = '/api/account/password/reset/'
const CONFIRM_RESET = '/api/account/password/reset/confirm/'
const CHANGE = '/api/account/password/change/'
const CHANGE_EMAIL = '/api/account/email/change/'
const CONFIRM_EMAIL = '/api/account/email/change/confirm/'
const ME = '/api/account/me/'

for (const source of testDatabases()) {
  describe(`passwords and addresses that change, on ${source.name}`, () => {
    let app: TestProject
    let count = 0
    before(async () => {
      app = await testProject(project, { source, environment: ENVIRONMENT, pool: { poolTimeoutMs: 20_000 } })
    })
    after(() => app.close())

    const address = () => `new-${++count}@acme.test`
    const login = (email: string, password: string) => app.guest.post('/api/account/login/', { email, password })
    const events = (user: MadeUser, kind: string) =>
      app.context().query(SecurityEvent).filter({ user: user.id, kind }).count()
    const templates = async (email: string) => (await app.mail.to(email)).map(({ template }) => template)

    async function resetLink(email: string): Promise<string> {
      assert.equal((await app.guest.post(RESET, { email })).status, 202)
      return (await app.mail.last(email, 'reset_password')).token ?? ''
    }

    async function changeLink(user: MadeUser, email: string): Promise<string> {
      const answer = await (await app.as(user)).post(CHANGE_EMAIL, { email })
      assert.equal(answer.status, 202, answer.text)
      return (await app.mail.last(email, 'confirm_new_email')).token ?? ''
    }

    test('a reset sets the password, ends every session, and tells the user', async () => {
      const user = await app.make.user()
      const [one, other] = [await app.as(user), await app.as(user)]
      const token = await resetLink(user.email.toUpperCase())
      const answer = await app.guest.post(CONFIRM_RESET, { token, password: NEW })
      assert.equal(answer.status, 200, answer.text)
      for (const client of [one, other]) assert.equal((await client.get(ME)).status, 401)
      assert.equal((await login(user.email, user.password)).status, 401)
      assert.equal((await login(user.email, NEW)).status, 200)
      assert.ok((await templates(user.email)).includes('password_changed'))
      assert.equal(await events(user, 'password_reset'), 1)
    })

    test('a reset withdraws the other links, trusted devices, and sign-ins that have begun', async () => {
      const user = await app.make.user()
      const first = await resetLink(user.email)
      const second = await resetLink(user.email)
      const to = address()
      const change = await changeLink(user, to)
      const at = new Date()
      const trusted = { user: user.id, token_hash: 'x'.repeat(64 - `${count}`.length) + count, created_at: at }
      await app
        .context()
        .query(TrustedDevice)
        .create({ ...trusted, last_used_at: at, expires_at: new Date(Date.now() + 1e9) })
      assert.equal((await app.guest.post(CONFIRM_RESET, { token: second, password: NEW })).status, 200)
      for (const [path, body] of [
        [CONFIRM_RESET, { token: first, password: NEW }],
        [CONFIRM_EMAIL, { token: change }],
      ] as const) {
        const late = await app.guest.post(path, body)
        assert.equal(`${late.status} ${late.body.code}`, '400 link_not_valid')
      }
      assert.equal(await app.context().query(TrustedDevice).filter({ user: user.id }).count(), 0)
    })

    test('a reset lets in who was locked out', async () => {
      const user = await app.make.user()
      for (let round = 0; round < 5; round++) await login(user.email, 'Wrong-pass-of-asha')
      assert.equal((await login(user.email, user.password)).status, 423)
      await app.guest.post(CONFIRM_RESET, { token: await resetLink(user.email), password: NEW })
      assert.equal((await login(user.email, NEW)).status, 200)
    })

    test('a reset refuses a password that will not do, and its link stays good', async () => {
      const business = await app.make.business({ name: 'Zanzibar Spices', slug: `zanzibar-${++count}` })
      const user = await app.make.user({ business })
      const token = await resetLink(user.email)
      const cases: [string, string][] = [
        ['x7Qz-', 'This password is too short. It must contain at least 8 characters.'],
        ['password123', 'This password is too common.'],
        ['zanzibar-spices', 'The password is too similar to the business name.'],
      ]
      for (const [password, message] of cases) {
        const refused = await app.guest.post(CONFIRM_RESET, { token, password })
        assert.equal(refused.status, 400)
        assert.deepEqual(refused.body.errors, { password: [message] })
      }
      assert.equal((await app.guest.post(CONFIRM_RESET, { token, password: NEW })).status, 200)
    })

    test('a reset link is good once, however many use it at the same time', async () => {
      const user = await app.make.user()
      const token = await resetLink(user.email)
      const passwords = Array.from({ length: 100 }, (_, index) => `A-new-pass-number-${index}`)
      const answers = await Promise.all(passwords.map((password) => app.guest.post(CONFIRM_RESET, { token, password })))
      const winners = answers.flatMap(({ status }, index) => (status === 200 ? [passwords[index] ?? ''] : []))
      assert.equal(winners.length, 1)
      for (const { status, text } of answers) assert.ok([200, 400, 503].includes(status), text)
      assert.equal((await login(user.email, winners[0] ?? '')).status, 200)
    })

    test('a link that is unknown, used, expired or good for something else gets one answer', async () => {
      const user = await app.make.user()
      const used = await resetLink(user.email)
      await app.guest.post(CONFIRM_RESET, { token: used, password: NEW })
      const expired = await resetLink(user.email)
      const past = new Date(Date.now() - 1000)
      await app
        .context()
        .query(OneTimeToken)
        .filter({ user: user.id, used_at__isnull: true })
        .update({ expires_at: past })
      const foreign = await changeLink({ ...user, password: NEW }, address())
      const answers = []
      for (const token of ['unknown', used, expired, foreign]) {
        const { status, body } = await app.guest.post(CONFIRM_RESET, { token, password: NEW })
        answers.push(JSON.stringify({ status, ...body, meta: null }))
      }
      assert.equal(new Set(answers).size, 1, answers.join('\n'))
    })

    test('a reset link of who was made inactive meanwhile is worth nothing, and none is sent', async () => {
      const user = await app.make.user()
      const token = await resetLink(user.email)
      await app.context().query(User).filter({ id: user.id }).update({ is_active: false })
      const late = await app.guest.post(CONFIRM_RESET, { token, password: NEW })
      assert.equal(late.body.code, 'link_not_valid')
      const before = (await app.mail.to(user.email)).length
      await app.guest.post(RESET, { email: user.email })
      assert.equal((await app.mail.to(user.email)).length, before)
    })

    test('who has no password yet gets one by a reset, which shows the address to be theirs', async () => {
      const imported = await app.context().query(User).create({ email: address(), name: 'Imported' })
      const token = await resetLink(imported.email)
      assert.equal((await app.guest.post(CONFIRM_RESET, { token, password: NEW })).status, 200)
      assert.equal((await login(imported.email, NEW)).status, 200)
      assert.ok((await app.context().query(User).get(imported.id)).email_verified_at)
    })

    test('a changed password ends the other sessions and withdraws links, and this session goes on', async () => {
      const user = await app.make.user()
      const [own, other] = [await app.as(user), await app.as(user)]
      const link = await resetLink(user.email)
      const answer = await own.post(CHANGE, { old_password: user.password, password: NEW })
      assert.equal(answer.status, 200, answer.text)
      assert.equal((await own.get(ME)).status, 200)
      assert.equal((await other.get(ME)).status, 401)
      assert.equal((await app.guest.post(CONFIRM_RESET, { token: link, password: NEW })).status, 400)
      assert.equal((await login(user.email, NEW)).status, 200)
      assert.ok((await templates(user.email)).includes('password_changed'))
      assert.equal(await events(user, 'password_changed'), 1)
    })

    test('a change wants the old password, whose guesses count, and a good new one', async () => {
      const user = await app.make.user()
      const client = await app.as(user)
      const bad = await client.post(CHANGE, { old_password: user.password, password: 'short' })
      assert.deepEqual(Object.keys(bad.body.errors), ['password'])
      for (let round = 0; round < 5; round++) {
        const wrong = await client.post(CHANGE, { old_password: 'Wrong-pass-of-asha', password: NEW })
        assert.equal(wrong.status, 400)
        const message = 'Your old password was entered incorrectly. Please enter it again.'
        assert.deepEqual(wrong.body.errors, { old_password: [message] })
      }
      const locked = await client.post(CHANGE, { old_password: user.password, password: NEW })
      assert.equal(locked.status, 423)
      assert.ok(Number(locked.headers.get('retry-after')) > 0)
      assert.equal((await app.guest.post(CHANGE, { old_password: 'x', password: NEW })).status, 401)
    })

    test('of many changes at the same time one succeeds', async () => {
      const user = await app.make.user()
      const client = await app.as(user)
      const passwords = Array.from({ length: 4 }, (_, index) => `A-new-pass-number-${index}`)
      const answers = await Promise.all(
        passwords.map((password) => client.post(CHANGE, { old_password: user.password, password })),
      )
      const statuses = answers.map(({ status }) => status)
      assert.equal(statuses.filter((status) => status === 200).length, 1, statuses.join())
    })

    test('another address is the user’s once its link is followed, and the old one is told', async () => {
      const user = await app.make.user()
      const [own, other] = [await app.as(user), await app.as(user)]
      const to = address()
      const reset = await resetLink(user.email)
      assert.equal((await own.post(CHANGE_EMAIL, { email: to.toUpperCase() })).status, 202)
      const { token } = await app.mail.last(to, 'confirm_new_email')
      assert.equal((await app.mail.last(user.email)).template, 'email_change_requested')
      assert.equal((await own.get(ME)).body.data.user.email, user.email)

      const confirmed = await own.post(CONFIRM_EMAIL, { token })
      assert.equal(confirmed.status, 200, confirmed.text)
      assert.deepEqual(confirmed.body.data, { email: to })
      assert.equal((await own.get(ME)).body.data.user.email, to)
      assert.equal((await other.get(ME)).status, 401)
      assert.equal((await app.mail.last(user.email)).template, 'email_changed')
      assert.equal((await login(to, user.password)).status, 200)
      assert.equal((await login(user.email, user.password)).status, 401)
      assert.equal((await app.guest.post(CONFIRM_RESET, { token: reset, password: NEW })).status, 400)
      assert.equal(await events(user, 'email_changed'), 1)
    })

    test('a link that is followed where nobody is signed in, or somebody else is, ends every session', async () => {
      const stranger = await app.as(await app.make.user())
      for (const client of [app.guest, stranger]) {
        const user = await app.make.user()
        const own = await app.as(user)
        const token = await changeLink(user, address())
        assert.equal((await client.post(CONFIRM_EMAIL, { token })).status, 200)
        assert.equal((await own.get(ME)).status, 401)
      }
      assert.equal((await stranger.get(ME)).status, 200)
    })

    test('a change link is good once, however many use it at the same time', async () => {
      const user = await app.make.user()
      const to = address()
      const token = await changeLink(user, to)
      const answers = await Promise.all(Array.from({ length: 100 }, () => app.guest.post(CONFIRM_EMAIL, { token })))
      assert.equal(answers.filter(({ status }) => status === 200).length, 1)
      for (const { status, body } of answers) {
        if (status !== 200) assert.equal(`${status} ${body.code}`, '400 link_not_valid')
      }
    })

    test('an address that has an account is asked for with the same answer, and gets no link', async () => {
      const [user, owner] = [await app.make.user(), await app.make.user()]
      const client = await app.as(user)
      const free = await client.post(CHANGE_EMAIL, { email: address() })
      const taken = await client.post(CHANGE_EMAIL, { email: owner.email })
      assert.deepEqual({ ...taken.body, meta: null }, { ...free.body, meta: null })
      assert.equal(taken.status, free.status)
      assert.deepEqual(await app.mail.to(owner.email), [])
    })

    test('an address that was taken meanwhile is refused in clear words', async () => {
      const user = await app.make.user()
      const to = address()
      const token = await changeLink(user, to)
      await app.make.user({ email: to })
      const late = await app.guest.post(CONFIRM_EMAIL, { token })
      assert.equal(late.status, 409)
      assert.deepEqual(late.body.errors, { email: ['User with this email already exists.'] })
      assert.equal((await login(user.email, user.password)).status, 200)
    })

    test('only the last address that was asked for can be confirmed', async () => {
      const user = await app.make.user()
      const first = await changeLink(user, address())
      const second = await changeLink(user, address())
      assert.equal((await app.guest.post(CONFIRM_EMAIL, { token: first })).status, 400)
      assert.equal((await app.guest.post(CONFIRM_EMAIL, { token: second })).status, 200)
    })

    test('whoever has not signed in recently must prove who they are before an address is changed', async () => {
      const user = await app.make.user()
      const long = new Date(Date.now() - 16 * 60_000)
      const client = await app.as(user)
      await app.context().query(Session).filter({ user: user.id }).update({ authenticated_at: long })
      const refused = await client.post(CHANGE_EMAIL, { email: address() })
      assert.equal(`${refused.status} ${refused.body.code}`, '403 reauthentication_required')
      await client.post('/api/account/reauthenticate/', { password: user.password })
      assert.equal((await client.post(CHANGE_EMAIL, { email: address() })).status, 202)
      assert.equal((await app.guest.post(CHANGE_EMAIL, { email: address() })).status, 401)
    })

    test('a superuser who works as a user changes neither password nor address', async () => {
      const user = await app.make.user()
      const superuser = await app.make.user({ isSuperuser: true })
      const client = await app.as(user)
      await app.context().query(Session).filter({ user: user.id }).update({ impersonator: superuser.id })
      for (const [path, body] of [
        [CHANGE, { old_password: user.password, password: NEW }],
        [CHANGE_EMAIL, { email: address() }],
      ] as const) {
        const refused = await client.post(path, body)
        assert.equal(`${refused.status} ${refused.body.code}`, '403 permission_denied')
      }
      const { impersonator } = (await client.get(ME)).body.data
      assert.equal(impersonator.email, superuser.email)
    })

    test('more than so many e-mails to one address are not sent, with the same answer', async () => {
      const limited = await testProject(project, { source, environment: { EMAIL_LIMIT: '2' } })
      try {
        const user = await limited.make.user()
        for (let round = 0; round < 4; round++) {
          assert.equal((await limited.guest.post(RESET, { email: user.email })).status, 202)
        }
        assert.equal((await limited.mail.to(user.email)).length, 2)
      } finally {
        await limited.close()
      }
    })
  })
}
