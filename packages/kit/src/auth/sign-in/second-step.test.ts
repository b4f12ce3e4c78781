import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newId } from '../../base/index.ts'
import { askedForFactor, codeNow, enrol, mailsTo, principalFor, sessionOf } from '../tests/enrolled.ts'
import { CLIENT, DAY_MS, databases, openProject, PASSWORD, type Project, User, withTokens } from '../tests/project.ts'

const WRONG = { name: 'ApiError', code: 'invalid_code', status: 401 }
const OVER = { name: 'ApiError', code: 'token_not_valid', status: 401 }
const MINUTE_MS = 60_000

for (const source of databases) {
  describe(`the second step of a sign-in on ${source.name}`, () => {
    let project: Project
    before(async () => {
      project = await openProject(source)
    })
    after(() => project.close())

    /** A user with an authenticator app, who works in a business. */
    async function enrolled(name: string) {
      const user = await project.makeUser({ name, email: `${name.toLowerCase()}-${newId()}@acme.test` })
      const business = await project.makeBusiness(name)
      await project.makeMember(user, business, 'agent')
      return { user, business, email: user.email, ...(await enrol(project, user.email)) }
    }

    const challengeOf = async (email: string) => (await askedForFactor(project, email)).challenge.token
    const answer = (challenge: string, step: { code?: string; recovery_code?: string; remember_device?: boolean }) =>
      project.auth.signIn.takeSecondStep({ challenge, ...step }, CLIENT)

    it('is asked for once a factor is enrolled, and nothing is told of the user until then', async () => {
      const { email } = await enrolled('Asha')
      const { challenge, ...rest } = await askedForFactor(project, email)
      assert.deepEqual(challenge.methods, ['totp', 'recovery_code'])
      assert.equal(challenge.expires_at.getTime(), project.clock.now() + 5 * MINUTE_MS)
      assert.deepEqual(rest, {
        ...{ access: null, refresh: null, user: null, business: null, businesses: [], device_token: null },
        ...{ second_factor_required: false, transport: 'bearer' },
      })
    })

    it('lets in with a code of the app, once, in a session that counts as proved by two factors', async () => {
      const { email, secret, business } = await enrolled('Bela')
      const challenge = await challengeOf(email)
      const signIn = await answer(challenge, { code: codeNow(project, secret) })
      const principal = await principalFor(project.auth, signIn.access)
      assert.deepEqual([principal.hasSecondFactor, principal.business, signIn.user.email], [true, business, email])
      await assert.rejects(answer(challenge, { code: codeNow(project, secret, 1) }), OVER)
      await assert.rejects(answer(await challengeOf(email), { code: codeNow(project, secret) }), WRONG)
    })

    it('takes the code of the step before, none that is older, and none that is yet to come', async () => {
      const { email, secret } = await enrolled('Chandra')
      project.clock.advance(10 * MINUTE_MS)
      const challenge = await challengeOf(email)
      await assert.rejects(answer(challenge, { code: codeNow(project, secret, 1) }), WRONG)
      await assert.rejects(answer(challenge, { code: codeNow(project, secret, -2) }), WRONG)
      await answer(challenge, { code: codeNow(project, secret, -1) })
      await answer(await challengeOf(email), { code: codeNow(project, secret) })
      await assert.rejects(answer(await challengeOf(email), { code: codeNow(project, secret, -1) }), WRONG)
    })

    it('ends after five minutes, and after five wrong codes', async () => {
      const { email, secret } = await enrolled('Dev')
      const late = await challengeOf(email)
      project.clock.advance(5 * MINUTE_MS)
      await assert.rejects(answer(late, { code: codeNow(project, secret) }), OVER)
      const challenge = await challengeOf(email)
      for (let count = 0; count < 5; count++) await assert.rejects(answer(challenge, { code: '000000' }), WRONG)
      await assert.rejects(answer(challenge, { code: codeNow(project, secret) }), { code: 'account_locked' })
      project.clock.advance(20 * MINUTE_MS)
      await assert.rejects(answer(challenge, { code: codeNow(project, secret) }), OVER)
    })

    it('counts wrong codes however often the right password is given in between', async () => {
      const { email, secret } = await enrolled('Esha')
      for (let count = 0; count < 5; count++) {
        await assert.rejects(answer(await challengeOf(email), { code: '000000' }), WRONG)
      }
      await assert.rejects(challengeOf(email), { code: 'account_locked', status: 423 })
      project.clock.advance(DAY_MS)
      assert.ok(await answer(await challengeOf(email), { code: codeNow(project, secret) }))
    })

    it('takes a recovery code in any case and without dashes, once, and tells the user how many are left', async () => {
      const { email, recoveryCodes } = await enrolled('Farid')
      assert.equal(new Set(recoveryCodes).size, 10)
      for (const code of recoveryCodes) assert.match(code, /^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){2}$/)
      const [code = ''] = recoveryCodes
      await answer(await challengeOf(email), { recovery_code: ` ${code.toUpperCase().replaceAll('-', '')}` })
      await assert.rejects(answer(await challengeOf(email), { recovery_code: code }), WRONG)
      const mail = (await mailsTo(project, email)).find(({ template }) => template === 'recovery_code_used')
      assert.equal(mail?.values.left, '9')
    })

    it('takes no code of another user, and no recovery code for a code of the app', async () => {
      const [one, other] = [await enrolled('Gita'), await enrolled('Hari')]
      const challenge = await challengeOf(one.email)
      await assert.rejects(answer(challenge, { code: codeNow(project, other.secret) }), WRONG)
      await assert.rejects(answer(challenge, { recovery_code: other.recoveryCodes[0] ?? '' }), WRONG)
      await assert.rejects(answer(challenge, { code: one.recoveryCodes[0] ?? '' }), WRONG)
      await assert.rejects(answer(challenge, {}), { code: 'validation_failed' })
      const both = { code: codeNow(project, one.secret), recovery_code: one.recoveryCodes[0] ?? '' }
      await assert.rejects(answer(challenge, both), { code: 'validation_failed' })
    })

    it('is worth nothing once the user is inactive, or has another password', async () => {
      const inactive = await enrolled('Indra')
      const challenge = await challengeOf(inactive.email)
      await project.system.query(User).filter({ id: inactive.user.id }).update({ is_active: false })
      await assert.rejects(answer(challenge, { code: codeNow(project, inactive.secret) }), OVER)

      const careful = await enrolled('Jaya')
      const open = await challengeOf(careful.email)
      const signIn = await answer(await challengeOf(careful.email), { code: codeNow(project, careful.secret) })
      const principal = await principalFor(project.auth, signIn.access)
      const change = { oldPassword: PASSWORD, password: 'Another-pass-2031' }
      await project.auth.accounts.changePassword(principal, { ...change, client: CLIENT })
      project.clock.advance(30_000)
      await assert.rejects(answer(open, { code: codeNow(project, careful.secret) }), OVER)
    })

    it('is spared on a trusted device, where the password is still asked for', async () => {
      const { email, secret } = await enrolled('Kiran')
      const first = await answer(await challengeOf(email), { code: codeNow(project, secret), remember_device: true })
      const device_token = first.device_token ?? ''
      assert.match(device_token, /^[\w-]{43}$/)
      const again = withTokens(await project.auth.login({ email, password: PASSWORD, device_token }, CLIENT))
      assert.equal((await principalFor(project.auth, again.access)).hasSecondFactor, true)
      const wrong = project.auth.login({ email, password: 'wrong', device_token }, CLIENT)
      await assert.rejects(wrong, { code: 'invalid_credentials' })
      project.clock.advance(30 * DAY_MS)
      await askedForFactor(project, email, { device_token })
    })

    it('is not spared by the device of somebody else', async () => {
      const [one, other] = [await enrolled('Lata'), await enrolled('Mohan')]
      const step = { code: codeNow(project, other.secret), remember_device: true }
      const { device_token } = await answer(await challengeOf(other.email), step)
      await askedForFactor(project, one.email, { device_token })
    })

    it('on a trusted device, is not kept out by an outsider who locks the account', async () => {
      const { email, secret } = await enrolled('Nisha')
      const step = { code: codeNow(project, secret), remember_device: true }
      const { device_token } = await answer(await challengeOf(email), step)
      const outsider = { ...CLIENT, ip: '203.0.113.9' }
      for (let count = 0; count < 5; count++) {
        await assert.rejects(project.auth.login({ email, password: 'guess' }, outsider), {
          code: 'invalid_credentials',
        })
      }
      await assert.rejects(project.auth.login({ email, password: PASSWORD }, CLIENT), { code: 'account_locked' })
      withTokens(await project.auth.login({ email, password: PASSWORD, device_token }, CLIENT))
    })

    it('changes nothing for who has no second factor', async () => {
      const user = await project.makeUser({ name: 'Omar', email: `omar-${newId()}@acme.test` })
      const { principal } = await sessionOf(project, user.email)
      assert.deepEqual([principal.hasSecondFactor, principal.lacksSecondFactor], [false, false])
    })
  })
}
