import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type TestProject, testProject } from '@bailiwick/kit/testing'
import { project } from '../../../core/project.ts'
import { Business } from '../../business/models.ts'
import { Session, TrustedDevice } from '../models.ts'
import { Browser } from './browser.ts'
import {
  challengeOf,
  codeOf,
  EMAIL_CODE,
  enrol,
  forgetSteps,
  LOGIN,
  login,
  SECOND_FACTOR,
  sources,
  TWO_FACTOR,
} from './enrolled.ts'

const CLIENTS = '/api/clients/clients/'
const DEVICES = '/api/account/devices/'
const HOUR_MS = 3_600_000

for (const source of sources) {
  describe(`the endpoints of the second factor on ${source.name}`, () => {
    let app: TestProject
    before(async () => {
      app = await testProject(project, { source })
    })
    after(() => app.close())

    const made = async () => app.make.user({ business: await app.make.business(), role: 'agent' })
    const enrolled = async () => enrol(app, await made())

    /** Signs in by both steps, on a device that is to be spared the second. */
    async function rememberedBy({ user, secret }: Awaited<ReturnType<typeof enrolled>>) {
      await forgetSteps(app, user)
      const step = { challenge: await challengeOf(app, user), code: codeOf(secret), remember_device: true }
      const { body, text } = await app.guest.post(SECOND_FACTOR, step)
      assert.equal(typeof body.data?.device_token, 'string', text)
      return { token: body.data.device_token as string, client: app.client(body.data.access) } // as: just seen
    }

    it('login answers with a challenge, and the second step with what login would have', async () => {
      const { user, secret } = await enrolled()
      const first = await login(app, user)
      assert.equal(first.status, 200)
      const { challenge, access, refresh, businesses } = first.body.data
      assert.deepEqual([access, refresh, first.body.data.user, businesses], [null, null, null, []])
      assert.deepEqual(challenge.methods, ['totp', 'recovery_code'])
      assert.match(challenge.expires_at, /^\d{4}-.*Z$/)
      const second = await app.guest.post(SECOND_FACTOR, { challenge: challenge.token, code: codeOf(secret) })
      assert.equal(second.status, 200, second.text)
      assert.deepEqual(Object.keys(second.body.data), Object.keys(first.body.data))
      assert.deepEqual([first.body.message, second.body.message], ['A second factor is needed', 'Signed in'])
      assert.equal(second.body.data.challenge, null)
      assert.equal(second.body.data.user.email, user.email)
      assert.equal((await app.client(second.body.data.access).get(CLIENTS)).status, 200)
    })

    it('the second step refuses wrong codes alike, and input of the wrong form', async () => {
      const { user } = await enrolled()
      const challenge = await challengeOf(app, user)
      for (const step of [{ code: '000000' }, { code: 'x' }, { recovery_code: '0000-0000-0000' }]) {
        const { status, body } = await app.guest.post(SECOND_FACTOR, { challenge, ...step })
        assert.deepEqual([status, body.code, body.data], [401, 'invalid_code', null])
      }
      for (const step of [
        {},
        { challenge },
        { challenge, code: '1', recovery_code: '2' },
        { challenge, code: {} },
        { challenge, code: 'x'.repeat(41) },
        { challenge, code: '\u0000' },
        { challenge, code: '1', extra: 1 },
        { challenge: null, code: '1' },
        { challenge, code: '1', remember_device: 'maybe' },
      ]) {
        assert.equal((await app.guest.post(SECOND_FACTOR, step)).status, 400, JSON.stringify(step))
      }
      const unknown = await app.guest.post(SECOND_FACTOR, { challenge: 'x', code: '000000' })
      assert.deepEqual([unknown.status, unknown.body.code], [401, 'token_not_valid'])
    })

    it('are for the signed-in alone, each for themselves', async () => {
      const one = await enrolled()
      const other = await app.as(await made())
      for (const [method, path] of [
        ['GET', TWO_FACTOR],
        ['POST', `${TWO_FACTOR}setup/`],
        ['POST', `${TWO_FACTOR}verify/`],
        ['POST', `${TWO_FACTOR}disable/`],
        ['POST', `${TWO_FACTOR}recovery-codes/`],
        ['POST', '/api/account/reauthenticate/'],
        ['GET', DEVICES],
        ['DELETE', DEVICES],
      ] as const) {
        const { status, body } = await app.guest.send(method, path)
        assert.deepEqual([status, body.code], [401, 'not_authenticated'], path)
      }
      assert.equal((await other.get(TWO_FACTOR)).body.data.enabled, false)
      assert.equal((await other.post(`${TWO_FACTOR}disable/`)).status, 404)
      assert.equal((await one.client.get(TWO_FACTOR)).body.data.enabled, true)
    })

    it('setup gives the secret as text, as an address and as a picture, and verify takes nothing but its code', async () => {
      const client = await app.as(await made())
      const { status, body } = await client.post(`${TWO_FACTOR}setup/`)
      assert.equal(status, 200)
      assert.deepEqual(Object.keys(body.data), ['secret', 'otpauth_uri', 'qr_svg', 'qr_png'])
      assert.match(body.data.secret, /^[A-Z2-7]{32}$/)
      assert.ok(body.data.otpauth_uri.startsWith('otpauth://totp/'))
      for (const code of ['000000', '', null, 5, '1'.repeat(50)]) {
        const wrong = await client.post(`${TWO_FACTOR}verify/`, { code })
        assert.deepEqual([wrong.status, Object.keys(wrong.body.errors)], [400, ['code']])
      }
      const right = await client.post(`${TWO_FACTOR}verify/`, { code: codeOf(body.data.secret) })
      assert.deepEqual([right.status, right.body.data.recovery_codes.length], [200, 10])
    })

    it('what protects the account is changed only by who has proved of late who they are', async () => {
      const { user, client } = await enrolled()
      const longAgo = new Date(Date.now() - HOUR_MS)
      await app.context().query(Session).filter({ user: user.id }).update({ authenticated_at: longAgo })
      // The server remembers sessions: another sign-in's refresh makes it read this one anew.
      const again = async () => client.post(`${TWO_FACTOR}recovery-codes/`)
      await client.post('/api/account/sessions/end-others/')
      const answer = await again()
      if (answer.status === 403) assert.equal(answer.body.code, 'reauthentication_required')
      const wrong = await client.post('/api/account/reauthenticate/', { password: 'wrong' })
      assert.deepEqual([wrong.status, wrong.body.code], [401, 'invalid_credentials'])
      assert.equal((await client.post('/api/account/reauthenticate/', {})).status, 400)
      assert.equal((await client.post('/api/account/reauthenticate/', { password: user.password })).status, 200)
      assert.equal((await again()).status, 200)
    })

    it('a trusted device is spared the second step, is listed, and is asked again once it is revoked', async () => {
      const one = await enrolled()
      const { token, client } = await rememberedBy(one)
      assert.equal(typeof (await login(app, one.user, { device_token: token })).body.data.access, 'string')
      const { body } = await client.get(DEVICES)
      assert.deepEqual(Object.keys(body.data[0]), [
        ...['id', 'ip', 'user_agent', 'created_at', 'last_used_at', 'expires_at'],
      ])
      const [{ id }] = body.data
      const other = await app.as(await made())
      assert.deepEqual((await other.get(DEVICES)).body.data, [])
      assert.equal((await other.get(`${DEVICES}${id}/`)).status, 404)
      assert.equal((await other.delete(`${DEVICES}${id}/`)).status, 404)
      assert.equal((await other.delete(DEVICES)).status, 200)
      assert.equal((await client.delete(`${DEVICES}${id}/`)).status, 200)
      assert.equal((await login(app, one.user, { device_token: token })).body.data.access, null)
      const second = await rememberedBy(one)
      assert.equal((await second.client.delete(DEVICES)).status, 200)
      assert.equal((await login(app, one.user, { device_token: second.token })).body.data.access, null)
    })

    it('a new password trusts no device any longer', async () => {
      const one = await enrolled()
      const { client } = await rememberedBy(one)
      const change = { old_password: one.user.password, password: 'Quite-another-2031' }
      const answer = await client.post('/api/account/password/change/', change)
      assert.equal(answer.status, 200, answer.text)
      assert.equal(await app.context().query(TrustedDevice).filter({ user: one.user.id }).count(), 0)
    })

    it('with cookies, neither the tokens nor that of the device are in the answer', async () => {
      const { user, secret } = await enrolled()
      const browser = new Browser(app.url)
      const credentials = { email: user.email, password: user.password, transport: 'cookies' }
      const { token: challenge } = (await browser.post(LOGIN, credentials)).body.data.challenge
      assert.deepEqual(browser.names(), [])
      const step = { challenge, code: codeOf(secret), remember_device: true }
      const { body, status, text } = await browser.post(SECOND_FACTOR, step)
      assert.equal(status, 200, text)
      assert.deepEqual([body.data.access, body.data.refresh, body.data.device_token], [null, null, null])
      assert.deepEqual(browser.names(), ['access_token', 'csrftoken', 'refresh_token', 'trusted_device'])
      assert.ok(browser.attributes('trusted_device').includes('HttpOnly'))
      const again = await browser.post(LOGIN, credentials)
      assert.equal(again.body.data.challenge, null)
    })

    it('a business that wants a second factor is entered in the session that enrols one', async () => {
      const business = await app.make.business()
      const user = await app.make.user({ business, role: 'manager' })
      await app
        .context()
        .query(Business)
        .filter({ id: business.id })
        .update({ two_factor_roles: ['manager'] })
      const { body } = await login(app, user)
      assert.deepEqual([body.data.business, body.data.second_factor_required], [null, true])
      const client = app.client(body.data.access)
      const refused = await client.get(CLIENTS)
      assert.deepEqual([refused.status, refused.body.code], [403, 'second_factor_required'])
      assert.equal((await client.get('/api/account/me/')).body.data.second_factor_required, true)
      const { secret } = (await client.post(`${TWO_FACTOR}setup/`)).body.data
      assert.equal((await client.post(`${TWO_FACTOR}verify/`, { code: codeOf(secret) })).status, 200)
      assert.equal((await client.get(CLIENTS)).status, 200)
      const agent = await app.as(await app.make.user({ business, role: 'agent' }))
      assert.equal((await agent.get(CLIENTS)).status, 200)
    })

    it('a code comes by e-mail where the business takes such codes', async () => {
      const business = await app.make.business()
      const user = await app.make.user({ business, role: 'agent' })
      const allowed = { two_factor_roles: ['agent'], allows_email_code: true } as const
      await app.context().query(Business).filter({ id: business.id }).update(allowed)
      const challenge = await challengeOf(app, user)
      const sent = await app.guest.post(EMAIL_CODE, { challenge })
      assert.deepEqual([sent.status, sent.body.data], [202, null])
      const { code } = await app.mail.last(user.email, 'email_code')
      const { status, body } = await app.guest.post(SECOND_FACTOR, { challenge, code })
      assert.deepEqual([status, body.data.business.id], [200, business.id])
      const other = await challengeOf(app, (await enrolled()).user)
      assert.equal((await app.guest.post(EMAIL_CODE, { challenge: other })).body.code, 'permission_denied')
    })

    it('the user is told by e-mail of what is done to the factor', async () => {
      const { user, client, recoveryCodes } = await enrolled()
      assert.ok(await app.mail.last(user.email, 'two_factor_enabled'))
      const step = { challenge: await challengeOf(app, user), recovery_code: recoveryCodes[0] }
      assert.equal((await app.guest.post(SECOND_FACTOR, step)).status, 200)
      assert.match((await app.mail.last(user.email, 'recovery_code_used')).text, /9/)
      assert.equal((await client.post(`${TWO_FACTOR}disable/`)).status, 200)
      assert.ok(await app.mail.last(user.email, 'two_factor_disabled'))
    })
  })
}
