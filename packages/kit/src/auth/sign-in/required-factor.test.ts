import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newId } from '../../base/index.ts'
import { isMember, type Role, refuse } from '../index.ts'
import { askedForFactor, codeNow, enrol, mailsTo, principalFor } from '../tests/enrolled.ts'
import { Business, CLIENT, databases, openProject, PASSWORD, type Project, User, withTokens } from '../tests/project.ts'

const OVER = { name: 'ApiError', code: 'token_not_valid' }
const WRONG = { name: 'ApiError', code: 'invalid_code' }
const MINUTE_MS = 60_000

for (const source of databases) {
  describe(`a second factor that a business wants on ${source.name}`, () => {
    let project: Project
    before(async () => {
      project = await openProject(source)
    })
    after(() => project.close())

    /** A business that wants a second factor of these roles, with a member. */
    async function demanding(
      name: string,
      { roles = ['agent'], role = 'agent', allowsEmailCode = false }: Demands = {},
    ) {
      const user = await project.makeUser({ name, email: `${name.toLowerCase()}-${newId()}@acme.test` })
      const business = await project.makeBusiness(name)
      await project.makeMember(user, business, role)
      await demand(business, roles, allowsEmailCode)
      return { user, business, email: user.email }
    }

    /** Changes what a business demands, as its admin does. */
    const demand = (id: string, roles: readonly Role[], allows_email_code = false) =>
      project.system.transaction(async (tx) => {
        await tx.query(Business).filter({ id }).update({ two_factor_roles: roles, allows_email_code })
        await project.auth.businessChanged(tx, id)
      })

    const login = async (email: string) => withTokens(await project.auth.login({ email, password: PASSWORD }, CLIENT))
    const who = (access: string) => principalFor(project.auth, access)
    const challengeOf = async (email: string) => (await askedForFactor(project, email)).challenge
    const answer = (challenge: string, code: string) => project.auth.signIn.takeSecondStep({ challenge, code }, CLIENT)
    const codeFrom = async (email: string) =>
      (await mailsTo(project, email)).findLast(({ template }) => template === 'email_code')?.values.code ?? ''

    it('keeps the business from a session without one, and tells why', async () => {
      const { email, business } = await demanding('Asha')
      const signIn = await login(email)
      assert.deepEqual([signIn.business, signIn.second_factor_required], [null, true])
      assert.deepEqual(
        signIn.businesses.map(({ id }) => id),
        [business],
      )
      const principal = await who(signIn.access)
      assert.deepEqual([principal.business, principal.role, principal.lacksSecondFactor], [null, null, true])
      const refusal = refuse(isMember, { principal, action: 'list', method: 'GET' })
      assert.deepEqual([refusal?.code, refusal?.status], ['second_factor_required', 403])
      const profile = await project.auth.profile(principal, CLIENT)
      assert.deepEqual([profile.business, profile.second_factor_required], [null, true])
    })

    it('lets the same session in once it has enrolled one, after a refresh as well', async () => {
      const { email, business } = await demanding('Bela')
      const { access, refresh } = await login(email)
      const call = { principal: await who(access), client: CLIENT }
      assert.equal((await project.auth.secondFactor.status(call)).required, true)
      const { secret } = await project.auth.secondFactor.setUpTotp(call)
      await project.auth.secondFactor.confirmTotp(call, codeNow(project, secret))
      const principal = await who(access)
      assert.deepEqual([principal.business, principal.role, principal.lacksSecondFactor], [business, 'agent', false])
      const renewed = await project.auth.refresh(refresh, CLIENT)
      assert.equal((await who(renewed.access)).business, business)
    })

    it('keeps the business again from a session that takes its last one away', async () => {
      const { email, business } = await demanding('Chandra')
      const { access } = await enrol(project, email)
      assert.equal((await who(access)).business, business)
      await project.auth.secondFactor.disableTotp({ principal: await who(access), client: CLIENT })
      assert.deepEqual([(await who(access)).business, (await who(access)).lacksSecondFactor], [null, true])
    })

    it('is wanted of the roles that are named alone', async () => {
      const { email, business } = await demanding('Dev', { roles: ['admin', 'manager'] })
      assert.equal((await login(email)).business?.id, business)
    })

    it('is wanted at once, of sessions that have begun before', async () => {
      const { email, business } = await demanding('Esha', { roles: [] })
      const { access } = await login(email)
      assert.equal((await who(access)).business, business)
      await demand(business, ['agent'])
      assert.deepEqual([(await who(access)).business, (await who(access)).lacksSecondFactor], [null, true])
      await demand(business, [])
      assert.equal((await who(access)).business, business)
    })

    it('is told of when another business is entered, which then works without signing in anew', async () => {
      const { user, email } = await demanding('Farid', { roles: [] })
      const strict = await project.makeBusiness('Strict')
      await project.makeMember(user, strict, 'admin')
      await demand(strict, ['admin'])
      const { access } = await login(email)
      const target = { business: strict, client: CLIENT }
      const switched = await project.auth.switchBusiness(await who(access), target)
      assert.deepEqual([switched.business, switched.second_factor_required], [null, true])
      const call = { principal: await who(switched.access), client: CLIENT }
      assert.deepEqual([call.principal.business, call.principal.lacksSecondFactor], [null, true])
      const { secret } = await project.auth.secondFactor.setUpTotp(call)
      await project.auth.secondFactor.confirmTotp(call, codeNow(project, secret))
      assert.equal((await who(switched.access)).business, strict)
    })

    it('is wanted of superusers, who are admins everywhere', async () => {
      const root = await project.makeUser({ name: 'Root', email: `root-${newId()}@acme.test`, is_superuser: true })
      const business = await project.makeBusiness('Strict')
      await demand(business, ['admin'])
      const { access } = await login(root.email)
      const switched = await project.auth.switchBusiness(await who(access), { business, client: CLIENT })
      assert.equal(switched.second_factor_required, true)
      assert.equal((await who(switched.access)).business, null)
    })

    it('may be a code from an e-mail where the business takes such codes, even without another factor', async () => {
      const { email, business } = await demanding('Gita', { allowsEmailCode: true })
      const { token, methods } = await challengeOf(email)
      assert.deepEqual(methods, ['email_code'])
      await project.auth.signIn.sendEmailCode(token, CLIENT)
      const code = await codeFrom(email)
      assert.match(code, /^\d{6}$/)
      const signIn = await answer(token, code)
      assert.equal((await who(signIn.access)).business, business)
      await assert.rejects(answer(token, code), OVER)
      await assert.rejects(answer((await challengeOf(email)).token, code), WRONG)
    })

    it('is a code from an e-mail for ten minutes, and only the last that was sent', async () => {
      const { email } = await demanding('Hari', { allowsEmailCode: true })
      const { token } = await challengeOf(email)
      await project.auth.signIn.sendEmailCode(token, CLIENT)
      const first = await codeFrom(email)
      project.clock.advance(1000)
      await project.auth.signIn.sendEmailCode(token, CLIENT)
      const second = await codeFrom(email)
      if (first !== second) await assert.rejects(answer(token, first), WRONG)
      project.clock.advance(9 * MINUTE_MS)
      assert.ok(await answer((await challengeOf(email)).token, second))
      const late = await challengeOf(email)
      await project.auth.signIn.sendEmailCode(late.token, CLIENT)
      const third = await codeFrom(email)
      project.clock.advance(10 * MINUTE_MS)
      await assert.rejects(answer((await challengeOf(email)).token, third), WRONG)
    })

    it('is no code from an e-mail where any business of the user takes none', async () => {
      const { user, email } = await demanding('Indra', { allowsEmailCode: true })
      assert.deepEqual((await challengeOf(email)).methods, ['email_code'])
      const strict = await project.makeBusiness('Zenith')
      await project.makeMember(user, strict, 'agent')
      const { access, second_factor_required } = await login(email)
      assert.deepEqual([(await who(access)).business, second_factor_required], [null, true])
    })

    it('is no code from an e-mail that was taken before the user joined a business that takes none', async () => {
      const { user, email } = await demanding('Isha', { allowsEmailCode: true })
      const { token } = await challengeOf(email)
      await project.auth.signIn.sendEmailCode(token, CLIENT)
      const { access } = await answer(token, await codeFrom(email))
      const strict = await project.makeBusiness('Strict')
      await project.makeMember(user, strict, 'admin')
      await demand(strict, ['admin'])
      const enter = async () => project.auth.switchBusiness(await who(access), { business: strict, client: CLIENT })
      const kept = await enter()
      assert.deepEqual([kept.business, kept.second_factor_required], [null, true])
      const call = { principal: await who(kept.access), client: CLIENT }
      const { secret } = await project.auth.secondFactor.setUpTotp(call)
      await project.auth.secondFactor.confirmTotp(call, codeNow(project, secret))
      assert.equal((await who(kept.access)).business, strict)
    })

    it('is no code from an e-mail for a superuser, who may enter every business', async () => {
      const { user, email } = await demanding('Jai', { allowsEmailCode: true, roles: ['agent', 'admin'] })
      await project.system.query(User).filter({ id: user.id }).update({ is_superuser: true })
      assert.equal((await login(email)).challenge, null)
    })

    it('sends no code that the challenge does not name', async () => {
      const { email } = await demanding('Jaya', { roles: [] })
      await enrol(project, email)
      const { token, methods } = await challengeOf(email)
      assert.equal(methods.includes('email_code'), false)
      await assert.rejects(project.auth.signIn.sendEmailCode(token, CLIENT), { code: 'permission_denied' })
      await assert.rejects(project.auth.signIn.sendEmailCode('x', CLIENT), OVER)
      assert.equal(await codeFrom(email), '')
    })

    it('sends only so many codes, whoever asks', async () => {
      const { email } = await demanding('Kiran', { allowsEmailCode: true })
      for (let count = 0; count < 5; count++) {
        await project.auth.signIn.sendEmailCode((await challengeOf(email)).token, CLIENT)
      }
      const more = project.auth.signIn.sendEmailCode((await challengeOf(email)).token, CLIENT)
      await assert.rejects(more, { code: 'throttled', status: 429 })
    })
  })
}

interface Demands {
  readonly roles?: readonly Role[]
  readonly role?: Role
  readonly allowsEmailCode?: boolean
}
