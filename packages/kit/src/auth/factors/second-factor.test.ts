import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newId } from '../../base/index.ts'
import { hasSecondFactor } from '../factors/enrolled-factors.ts'
import { askedForFactor, codeNow, enrol, mailsTo, principalFor, sessionOf } from '../tests/enrolled.ts'
import { CLIENT, databases, openProject, PASSWORD, type Project } from '../tests/project.ts'

const NOT_VALID = { name: 'ApiError', code: 'token_not_valid' }
const MINUTE_MS = 60_000

for (const source of databases) {
  describe(`the own second factor on ${source.name}`, () => {
    let project: Project
    before(async () => {
      project = await openProject(source)
    })
    after(() => project.close())

    async function made(name: string) {
      const user = await project.makeUser({ name, email: `${name.toLowerCase()}-${newId()}@acme.test` })
      return { user, email: user.email }
    }

    const callOf = async (access: string) => ({ principal: await principalFor(project.auth, access), client: CLIENT })
    const eventsOf = async (user: string) => {
      const events = await project.system.query(project.models.securityEvent).filter({ user }).all()
      return events.map(({ kind }) => kind)
    }

    it('begins with a secret, which counts only once a code has been shown', async () => {
      const { email } = await made('Asha')
      const { principal } = await sessionOf(project, email)
      const call = { principal, client: CLIENT }
      const first = await project.auth.secondFactor.setUpTotp(call)
      const second = await project.auth.secondFactor.setUpTotp(call)
      assert.notEqual(first.secret, second.secret)
      assert.match(second.qr_svg, /^<svg /)
      assert.match(second.qr_png, /^data:image\/png;base64,/)
      assert.equal((await project.auth.secondFactor.status(call)).enabled, false)
      await sessionOf(project, email)
      const old = project.auth.secondFactor.confirmTotp(call, codeNow(project, first.secret))
      await assert.rejects(old, { code: 'validation_failed', status: 400 })
      await project.auth.secondFactor.confirmTotp(call, codeNow(project, second.secret))
      await askedForFactor(project, email)
      const again = await callOf((await sessionOf(project, (await made('Zoe')).email)).access)
      assert.equal((await project.auth.secondFactor.status(again)).enabled, false)
    })

    it('keeps the secret of the app and the recovery codes where nobody can read them', async () => {
      const { user, email } = await made('Bela')
      const { secret, recoveryCodes } = await enrol(project, email)
      const totp = await project.system.query(project.models.totp).filter({ user: user.id }).all()
      const codes = await project.system.query(project.models.recoveryCode).filter({ user: user.id }).all()
      const kept = JSON.stringify([totp, codes], (_, value: unknown) =>
        typeof value === 'bigint' ? `${value}` : value,
      )
      for (const clear of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))]) {
        assert.equal(kept.includes(clear), false)
      }
    })

    it('ends the other sessions once it is enrolled, keeps this one as proved by two factors, and tells the user', async () => {
      const { user, email } = await made('Chandra')
      const other = await sessionOf(project, email)
      const { access } = await enrol(project, email)
      await assert.rejects(project.auth.authenticate(`Bearer ${other.access}`), NOT_VALID)
      assert.equal((await principalFor(project.auth, access)).hasSecondFactor, true)
      assert.deepEqual(await project.auth.secondFactor.status(await callOf(access)), {
        ...{ enabled: true, totp: true, passkeys: 0, recovery_codes_left: 10, trusted_devices: 0 },
        ...{ session_has_second_factor: true, required: false },
      })
      assert.ok((await mailsTo(project, email)).some(({ template }) => template === 'two_factor_enabled'))
      assert.ok((await eventsOf(user.id)).includes('totp_enabled'))
    })

    it('is taken away with its recovery codes and trusted devices; the other sessions end', async () => {
      const { user, email } = await made('Dev')
      const { access, secret } = await enrol(project, email)
      const { challenge } = await askedForFactor(project, email)
      const step = { challenge: challenge.token, code: codeNow(project, secret), remember_device: true }
      const other = await project.auth.signIn.takeSecondStep(step, CLIENT)
      await project.auth.secondFactor.disableTotp(await callOf(access))
      await assert.rejects(project.auth.authenticate(`Bearer ${other.access}`), NOT_VALID)
      assert.deepEqual(await project.auth.secondFactor.status(await callOf(access)), {
        ...{ enabled: false, totp: false, passkeys: 0, recovery_codes_left: 0, trusted_devices: 0 },
        ...{ session_has_second_factor: false, required: false },
      })
      assert.ok((await mailsTo(project, email)).some(({ template }) => template === 'two_factor_disabled'))
      assert.ok((await eventsOf(user.id)).includes('totp_disabled'))
      await sessionOf(project, email)
      await assert.rejects(project.auth.secondFactor.disableTotp(await callOf(access)), { code: 'not_found' })
    })

    it('is not set up twice: the app that is there must go first', async () => {
      const { email } = await made('Esha')
      const { access } = await enrol(project, email)
      await assert.rejects(project.auth.secondFactor.setUpTotp(await callOf(access)), { code: 'conflict' })
    })

    it('changes only within fifteen minutes of a proof of who the user is', async () => {
      const { email } = await made('Farid')
      const { access, secret } = await enrol(project, email)
      project.clock.advance(15 * MINUTE_MS + 1)
      const refused = { code: 'reauthentication_required', status: 403 }
      const { secondFactor, signIn } = project.auth
      await assert.rejects(secondFactor.setUpTotp(await callOf(access)), refused)
      await assert.rejects(secondFactor.confirmTotp(await callOf(access), '000000'), refused)
      await assert.rejects(secondFactor.disableTotp(await callOf(access)), refused)
      await assert.rejects(secondFactor.renewRecoveryCodes(await callOf(access)), refused)
      const { principal } = await callOf(access)
      const wrong = signIn.reauthenticate(principal, { password: 'wrong', client: CLIENT })
      await assert.rejects(wrong, { code: 'invalid_credentials' })
      await signIn.reauthenticate(principal, { password: PASSWORD, client: CLIENT })
      assert.equal((await secondFactor.renewRecoveryCodes(await callOf(access))).length, 10)
      project.clock.advance(15 * MINUTE_MS + 1)
      const code = codeNow(project, secret)
      await signIn.reauthenticate(principal, { code, client: CLIENT })
      await assert.rejects(signIn.reauthenticate(principal, { code, client: CLIENT }), { code: 'invalid_code' })
      await secondFactor.disableTotp(await callOf(access))
    })

    it('does not change by a superuser who works as the user, nor by a program', async () => {
      const { email } = await made('Gita')
      const { principal } = await sessionOf(project, email)
      const apiKey = { id: newId(), scopes: [] }
      for (const other of [
        { ...principal, impersonator: newId() },
        { ...principal, apiKey },
      ]) {
        const call = { principal: other, client: CLIENT }
        await assert.rejects(project.auth.secondFactor.setUpTotp(call), { code: 'permission_denied' })
        const proof = { password: PASSWORD, client: CLIENT }
        await assert.rejects(project.auth.signIn.reauthenticate(other, proof), { code: 'permission_denied' })
      }
    })

    it('does not change in a session that was begun without it', async () => {
      const { email } = await made('Hari')
      const { access } = await enrol(project, email)
      const call = await callOf(access)
      const weaker = { ...call, principal: { ...call.principal, hasSecondFactor: false } }
      await assert.rejects(project.auth.secondFactor.disableTotp(weaker), { code: 'second_factor_required' })
    })

    it('gives recovery codes anew, of which the old ones are worth nothing', async () => {
      const { email } = await made('Indra')
      const { access, recoveryCodes } = await enrol(project, email)
      const fresh = await project.auth.secondFactor.renewRecoveryCodes(await callOf(access))
      const { token: challenge } = (await askedForFactor(project, email)).challenge
      const old = project.auth.signIn.takeSecondStep({ challenge, recovery_code: recoveryCodes[0] ?? '' }, CLIENT)
      await assert.rejects(old, { code: 'invalid_code' })
      await project.auth.signIn.takeSecondStep({ challenge, recovery_code: fresh[0] ?? '' }, CLIENT)
    })

    it('is needed for recovery codes', async () => {
      const { email } = await made('Jaya')
      const { access } = await sessionOf(project, email)
      await assert.rejects(project.auth.secondFactor.renewRecoveryCodes(await callOf(access)), { code: 'conflict' })
    })

    it('is taken away for those who have lost it, with all that it let in', async () => {
      const { user, email } = await made('Kiran')
      await enrol(project, email)
      await project.system.transaction((tx) => project.auth.secondFactor.reset(tx, user.id))
      await sessionOf(project, email)
      assert.equal(hasSecondFactor({ hasTotp: false, passkeys: 0, recoveryCodes: 10 }), false)
    })
  })
}
