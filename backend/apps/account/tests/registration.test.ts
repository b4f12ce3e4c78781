import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type TestProject, testDatabases, testProject } from '@bailiwick/kit/testing'
import { project } from '../../../core/project.ts'
import { Business, Membership } from '../../business/models.ts'
import { OneTimeToken, SecurityEvent, User } from '../models.ts'

const ENVIRONMENT = { EMAIL_LIMIT: '100', EMAIL_LIMIT_ADDRESS: '10000', FRONTEND_URL: 'https://app.acme.test' }
const PASSWORD = 'Right-pass-for-asha'
const REGISTER = '/api/account/register/'
const VERIFY = '/api/account/email/verify/'
const RESEND = '/api/account/email/resend/'

for (const source of testDatabases()) {
  describe(`registering, on ${source.name}`, () => {
    let app: TestProject
    let count = 0
    before(async () => {
      app = await testProject(project, { source, environment: ENVIRONMENT, pool: { poolTimeoutMs: 20_000 } })
    })
    after(() => app.close())

    const address = () => `asha-${++count}@acme.test`
    const registration = (email: string, more: object = {}) => ({ email, name: 'Asha', password: PASSWORD, ...more })
    const login = (email: string, password = PASSWORD) => app.guest.post('/api/account/login/', { email, password })

    /** Registers, and gives the token of the link that came. */
    async function linkFor(email: string, more: object = {}): Promise<string> {
      const answer = await app.guest.post(REGISTER, registration(email, more))
      assert.equal(answer.status, 202, answer.text)
      return (await app.mail.last(email, 'verify_email')).token ?? ''
    }

    test('makes an account once the link in the e-mail is followed, and not before', async () => {
      const email = address()
      const token = await linkFor(email.toUpperCase())
      assert.equal(await app.context().query(User).filter({ email }).exists(), false)
      assert.equal((await login(email)).status, 401)
      const verified = await app.guest.post(VERIFY, { token })
      assert.equal(verified.status, 200, verified.text)
      assert.deepEqual(verified.body.data, { email, needs_password: false })
      const { body, status } = await login(email)
      assert.equal(status, 200)
      assert.equal(body.data.business, null)
      const user = await app.context().query(User).get({ email })
      assert.ok(user.email_verified_at)
      const events = await app.context().query(SecurityEvent).filter({ user: user.id, kind: 'registered' }).all()
      assert.equal(events.length, 1)
    })

    test('sends a link to the frontend, in the language that was asked for', async () => {
      const email = address()
      await linkFor(email, { language: 'ar' })
      const { link } = await app.mail.last(email)
      assert.match(link ?? '', /^https:\/\/app\.acme\.test\/verify-email\?token=[\w-]{43}$/)
    })

    test('makes the business that was asked for, with the user as its admin', async () => {
      const email = address()
      const token = await linkFor(email, { business: { name: 'Café Zürich & Söhne' } })
      assert.equal(await app.context().query(Business).filter({ name: 'Café Zürich & Söhne' }).exists(), false)
      await app.guest.post(VERIFY, { token })
      const { business } = (await login(email)).body.data
      assert.equal(business.name, 'Café Zürich & Söhne')
      assert.equal(business.slug, 'cafe-zurich-sohne')
      assert.equal(business.role, 'admin')
      assert.equal(await app.context({ id: business.id }).query(Membership).count(), 1)
    })

    test('gives a business another name in addresses where its own is taken', async () => {
      const slugs: string[] = []
      for (let round = 0; round < 3; round++) {
        const email = address()
        await app.guest.post(VERIFY, { token: await linkFor(email, { business: { name: 'Same', slug: 'same' } }) })
        slugs.push((await login(email)).body.data.business.slug)
      }
      assert.deepEqual(slugs, ['same', 'same-2', 'same-3'])
    })

    test('of an address that has an account changes nothing, and tells its owner', async () => {
      const email = address()
      await app.guest.post(VERIFY, { token: await linkFor(email) })
      const answer = await app.guest.post(REGISTER, registration(email, { password: 'Another-pass-of-a-thief' }))
      assert.equal(answer.status, 202)
      const sent = await app.mail.to(email)
      assert.deepEqual(
        sent.map(({ template }) => template),
        ['verify_email', 'already_registered'],
      )
      assert.equal((await login(email)).status, 200)
      assert.equal((await login(email, 'Another-pass-of-a-thief')).status, 401)
    })

    test('twice with one password sends two links, of which the first that is followed makes the account', async () => {
      const email = address()
      const first = await linkFor(email)
      const second = await linkFor(email)
      const { status, body } = await app.guest.post(VERIFY, { token: second })
      assert.deepEqual([status, body.data], [200, { email, needs_password: false }])
      const late = await app.guest.post(VERIFY, { token: first })
      assert.deepEqual([late.status, late.body.code], [400, 'link_not_valid'])
      assert.equal((await login(email)).status, 200)
    })

    test('by a stranger as well lets no password of either in: whoever reads the mail chooses one', async () => {
      const email = address()
      const own = await linkFor(email, { password: 'Own-pass-of-asha' })
      await linkFor(email, { password: 'Pass-of-a-stranger' })
      const { status, body } = await app.guest.post(VERIFY, { token: own })
      assert.deepEqual([status, body.data], [200, { email, needs_password: true }])
      for (const password of ['Own-pass-of-asha', 'Pass-of-a-stranger']) {
        assert.equal((await login(email, password)).status, 401)
      }
      const { token } = await app.mail.last(email, 'reset_password')
      const chosen = { token, password: 'Chosen-pass-of-asha' }
      assert.equal((await app.guest.post('/api/account/password/reset/confirm/', chosen)).status, 200)
      assert.equal((await login(email, chosen.password)).status, 200)
    })

    test('a link is good once, however many follow it at the same time', async () => {
      const email = address()
      const token = await linkFor(email, { business: { name: 'Once Only' } })
      const answers = await Promise.all(Array.from({ length: 100 }, () => app.guest.post(VERIFY, { token })))
      const good = answers.filter(({ status }) => status === 200)
      assert.equal(good.length, 1)
      for (const { status, body } of answers) {
        if (status !== 200) assert.equal(`${status} ${body.code}`, '400 link_not_valid')
      }
      assert.equal(await app.context().query(User).filter({ email }).count(), 1)
      assert.equal(await app.context().query(Business).filter({ name: 'Once Only' }).count(), 1)
    })

    test('of many links of one address that are followed at the same time one makes the account', async () => {
      const email = address()
      const tokens: string[] = []
      for (let round = 0; round < 8; round++) tokens.push(await linkFor(email))
      const answers = await Promise.all(tokens.map((token) => app.guest.post(VERIFY, { token })))
      assert.equal(answers.filter(({ status }) => status === 200).length, 1)
      for (const { status, text } of answers) assert.ok(status === 200 || status === 400, text)
      assert.equal(await app.context().query(User).filter({ email }).count(), 1)
    })

    test('a link that is unknown, used, expired or good for something else gets one answer', async () => {
      const email = address()
      const used = await linkFor(email)
      await app.guest.post(VERIFY, { token: used })
      const expiring = address()
      const expired = await linkFor(expiring)
      const yesterday = new Date(Date.now() - 1000)
      await app.context().query(OneTimeToken).filter({ used_at__isnull: true }).update({ expires_at: yesterday })
      await app.guest.post('/api/account/password/reset/', { email })
      const foreign = (await app.mail.last(email, 'reset_password')).token
      const answers = []
      for (const token of ['unknown', used, expired, foreign]) {
        const { status, body } = await app.guest.post(VERIFY, { token })
        answers.push(JSON.stringify({ status, ...body, meta: null }))
      }
      assert.equal(new Set(answers).size, 1, answers.join('\n'))
      assert.match(answers[0] ?? '', /link_not_valid/)
    })

    test('a link is sent once more, to who registered and to who has not verified an address', async () => {
      const email = address()
      const first = await linkFor(email)
      assert.equal((await app.guest.post(RESEND, { email })).status, 202)
      const second = (await app.mail.last(email, 'verify_email')).token
      assert.notEqual(second, first)
      assert.equal((await app.guest.post(VERIFY, { token: second })).status, 200)

      const imported = await app.context().query(User).create({ email: address(), name: 'Imported' })
      await app.guest.post(RESEND, { email: imported.email })
      const { token } = await app.mail.last(imported.email, 'verify_email')
      assert.equal((await app.guest.post(VERIFY, { token })).status, 200)
      assert.ok((await app.context().query(User).get(imported.id)).email_verified_at)
      assert.equal((await app.guest.post(VERIFY, { token })).status, 400)
    })

    test('sends nothing more to who has verified the address, is inactive, or is unknown', async () => {
      const verified = await app.make.user({ email: address() })
      const inactive = await app.context().query(User).create({ email: address(), name: 'Off', is_active: false })
      const unknown = address()
      for (const email of [verified.email, inactive.email, unknown]) {
        assert.equal((await app.guest.post(RESEND, { email })).status, 202)
        assert.deepEqual(await app.mail.to(email), [])
      }
      await app.guest.post(REGISTER, registration(inactive.email))
      assert.deepEqual(await app.mail.to(inactive.email), [])
    })

    test('refuses what will not do, by its field', async () => {
      const cases: [object, string][] = [
        [{ password: 'short' }, 'password'],
        [{ password: '12345678901' }, 'password'],
        [{ email: 'nobody' }, 'email'],
        [{ name: ' ' }, 'name'],
        [{ language: 'xx' }, 'language'],
        [{ business: {} }, 'business'],
        [{ business: { name: '' } }, 'business'],
        [{ business: { name: 'X', slug: 'not a slug' } }, 'business'],
        [{ business: { name: 'X', role: 'admin' } }, 'business'],
        [{ business: 'X' }, 'business'],
        [{ is_superuser: true }, 'is_superuser'],
      ]
      for (const [more, field] of cases) {
        const { status, body } = await app.guest.post(REGISTER, registration(address(), more))
        assert.equal(status, 400)
        assert.deepEqual(Object.keys(body.errors), [field])
      }
    })

    test('neither tells nor keeps the password', async () => {
      const email = address()
      const answer = await app.guest.post(REGISTER, registration(email))
      assert.equal(answer.body.data, null)
      await app.mail.settle()
      for (const { text, html } of await app.mail.to(email)) assert.ok(!`${text}${html}`.includes(PASSWORD))
    })
  })
}

describe('registering where it is closed', () => {
  let app: TestProject
  before(async () => {
    app = await testProject(project, { environment: { REGISTRATION_OPEN: 'false' } })
  })
  after(() => app.close())

  test('is refused', async () => {
    const values = { email: 'asha@acme.test', name: 'Asha', password: PASSWORD }
    const { status, body } = await app.guest.post(REGISTER, values)
    assert.equal(status, 403)
    assert.equal(body.code, 'registration_closed')
    assert.deepEqual(await app.mail.settle(), [])
  })
})
