import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Revocation } from '@bailiwick/kit/auth'
import {
  type MadeUser,
  SoftAuthenticator,
  type SoftAuthenticatorOptions,
  type TestClient,
  type TestProject,
  testDatabases,
  testProject,
} from '@bailiwick/kit/testing'
import { project } from '../../../core/project.ts'
import { Business } from '../../business/models.ts'
import { OneTimeToken, Passkey, SecurityEvent, Session, TrustedDevice, User } from '../models.ts'
import { Browser } from './browser.ts'

const ACCOUNT = '/api/account'
const PASSKEYS = `${ACCOUNT}/2fa/passkeys/`
const OPTIONS = `${PASSKEYS}options/`
const ORIGIN = 'http://localhost:5173'

const device = (options: Partial<SoftAuthenticatorOptions> = {}) =>
  new SoftAuthenticator({ origin: ORIGIN, ...options })

for (const source of testDatabases()) {
  describe(`the endpoints of passkeys on ${source.name}`, () => {
    let app: TestProject
    before(async () => {
      app = await testProject(project, { source })
    })
    after(() => app.close())

    const optionsOf = async (client: TestClient, path: string, body?: unknown) => {
      const answer = await client.post(`${ACCOUNT}/${path}`, body)
      assert.equal(answer.status, 200, answer.text)
      return answer.body.data.options
    }
    const add = async (client: TestClient, phone = device(), name = 'Phone') =>
      client.post(PASSKEYS, { name, credential: phone.create(await optionsOf(client, '2fa/passkeys/options/')) })
    const enrol = async (user: MadeUser, phone = device()) => {
      const client = await app.as(user)
      const { status, body, text } = await add(client, phone)
      assert.equal(status, 201, text)
      return { client, phone, ...body.data }
    }
    const logIn = async ({ email, password }: MadeUser) => {
      const { body } = await app.guest.post(`${ACCOUNT}/login/`, { email, password })
      return body.data.challenge
    }
    const signInAlone = async (phone: SoftAuthenticator) => {
      const options = await optionsOf(app.guest, 'passkeys/login/options/')
      return app.guest.post(`${ACCOUNT}/passkeys/login/`, { credential: phone.get(options) })
    }
    const secondStep = async (challenge: string, phone: SoftAuthenticator, more = {}) => {
      const options = await optionsOf(app.guest, 'login/second-factor/passkey/options/', { challenge })
      const credential = phone.get(options)
      return app.guest.post(`${ACCOUNT}/login/second-factor/passkey/`, { challenge, credential, ...more })
    }
    /** Lets the proofs of a user's sessions be an hour old, and the server know of it. */
    const ageProofs = async (user: MadeUser) => {
      const authenticated_at = new Date(Date.now() - 3_600_000)
      await app.context().query(Session).filter({ user: user.id }).update({ authenticated_at })
      await app.context().query(Revocation).create({ at: new Date(), kind: 'user', key: user.id })
      await pause(600)
    }
    const kindsOf = async (user: MadeUser) => {
      const events = await app.context().query(SecurityEvent).filter({ user: user.id }).orderBy('at', 'id').all()
      return events.map(({ kind }) => kind)
    }

    it('a user adds one: it is shown, told of by e-mail, written down, and brings recovery codes once', async () => {
      const user = await app.make.user()
      const { client, passkey, recovery_codes: codes } = await enrol(user)
      assert.deepEqual(Object.keys(passkey), ['id', 'name', 'transports', 'is_backed_up', 'created_at', 'last_used_at'])
      assert.deepEqual(
        [passkey.name, passkey.transports, passkey.is_backed_up],
        ['Phone', ['internal', 'hybrid'], false],
      )
      assert.equal(new Set(codes).size, 10)
      assert.deepEqual((await client.get(PASSKEYS)).body.data, [passkey])
      const second = await add(client, device(), 'Key')
      assert.deepEqual([second.status, second.body.data.recovery_codes], [201, null])
      assert.ok((await kindsOf(user)).includes('passkey_added'))
      assert.match((await app.mail.last(user.email, 'passkey_added')).text, /Key/)
    })

    it('other sessions end with a passkey that is added or removed, and devices are trusted no longer', async () => {
      const user = await app.make.user()
      const other = await app.as(user)
      const { client, passkey, phone } = await enrol(user)
      assert.equal((await other.get(`${ACCOUNT}/me/`)).status, 401)
      assert.equal((await client.get(`${ACCOUNT}/me/`)).status, 200)
      const remembered = await secondStep((await logIn(user)).token, phone, { remember_device: true })
      assert.equal(remembered.status, 200, remembered.text)
      const devices = () => app.context().query(TrustedDevice).filter({ user: user.id }).count()
      assert.equal(await devices(), 1)
      assert.equal((await client.delete(`${PASSKEYS}${passkey.id}/`)).status, 200)
      assert.equal(await devices(), 0)
      assert.equal((await app.client(remembered.body.data.access).get(`${ACCOUNT}/me/`)).status, 401)
      assert.match((await app.mail.last(user.email, 'passkey_removed')).text, /Phone/)
      assert.equal(await logIn(user), null)
    })

    it('a sign-in by password asks for it, and ends once', async () => {
      const user = await app.make.user({ business: await app.make.business() })
      const { phone } = await enrol(user)
      const challenge = await logIn(user)
      assert.ok(challenge.methods.includes('passkey'))
      const options = await optionsOf(app.guest, 'login/second-factor/passkey/options/', { challenge: challenge.token })
      const step = { challenge: challenge.token, credential: phone.get(options) }
      const path = `${ACCOUNT}/login/second-factor/passkey/`
      const answers = await Promise.all(Array.from({ length: 10 }, () => app.guest.post(path, step)))
      const [done, ...more] = answers.filter(({ status }) => status === 200)
      assert.deepEqual([done?.body.data.user.email, more.length], [user.email, 0])
      for (const { status } of answers) assert.ok([200, 401, 423, 429].includes(status))
      const session = await app
        .context()
        .query(Session)
        .filter({ user: user.id, ended_at__isnull: true })
        .orderBy('-created_at')
        .first()
      assert.equal(session?.has_second_factor, true)
    })

    it('a passkey signs in alone, counts as two factors, and not as a password', async () => {
      const user = await app.make.user({ business: await app.make.business() })
      const { phone } = await enrol(user)
      const { status, body } = await signInAlone(phone)
      assert.deepEqual([status, body.data.user.email, body.data.challenge], [200, user.email, null])
      const client = app.client(body.data.access)
      assert.equal((await client.get(`${ACCOUNT}/me/`)).body.data.business.id, user.business?.id)
      // With the second factor in its session, the user may go on to change factors.
      assert.equal((await add(client, device(), 'Another')).status, 201)
    })

    it('a page with cookies signs in alone by it, and no other site signs its visitors in so', async () => {
      const { phone } = await enrol(await app.make.user())
      const signInFrom = async (page: Browser) => {
        const options = await optionsOf(app.guest, 'passkeys/login/options/')
        return page.post(`${ACCOUNT}/passkeys/login/`, { credential: phone.get(options), transport: 'cookies' })
      }
      const page = new Browser(app.url)
      const { status, body } = await signInFrom(page)
      assert.deepEqual([status, body.data.access, body.data.csrf_token], [200, null, page.cookie('csrftoken')])
      assert.equal((await page.get(`${ACCOUNT}/me/`)).status, 200)
      const foreign = await signInFrom(new Browser(app.url, { pageOrigin: 'https://evil.example' }))
      assert.deepEqual([foreign.status, foreign.body.code], [403, 'csrf_failed'])
    })

    it('100 who bring one sign-in at the same time get one session', async () => {
      const user = await app.make.user()
      const { phone } = await enrol(user)
      const credential = phone.get(await optionsOf(app.guest, 'passkeys/login/options/'))
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => app.guest.post(`${ACCOUNT}/passkeys/login/`, { credential })),
      )
      assert.equal(answers.filter(({ status }) => status === 200).length, 1)
      for (const { status } of answers) assert.ok([200, 401, 423, 429, 503].includes(status), String(status))
      assert.equal((await kindsOf(user)).includes('passkey_copied'), false)
    })

    it('signing in alone tells of unknown, inactive, removed and wrong in the same bytes', async () => {
      const user = await app.make.user()
      const { client, phone, passkey } = await enrol(user)
      const inactive = await app.make.user()
      const { phone: idle } = await enrol(inactive)
      await app.context().query(User).filter({ id: inactive.id }).update({ is_active: false })
      const stranger = device()
      stranger.create({ challenge: 'AAAA', rp: { id: 'localhost' }, user: { id: 'AAAA' } })
      const options = await optionsOf(app.guest, 'passkeys/login/options/')
      assert.deepEqual(options.allowCredentials, [])
      const tried = async (credential: unknown) => {
        const { status, text, body } = await app.guest.post(`${ACCOUNT}/passkeys/login/`, { credential })
        return `${status} ${text.replace(body.meta.request_id, 'ID')}`
      }
      const wrong = await tried(phone.get(options, { signature: Buffer.alloc(70) }))
      assert.match(wrong, /^401 .*invalid_credentials/)
      assert.equal(await tried(stranger.get(options)), wrong)
      assert.equal(await tried(idle.get(options)), wrong)
      assert.equal(await tried(phone.get(options, { userHandle: null })), wrong)
      assert.equal(await tried(phone.get(options, { flags: 1 })), wrong)
      assert.equal(await tried(phone.get(options, { origin: 'https://evil.example' })), wrong)
      await client.delete(`${PASSKEYS}${passkey.id}/`)
      assert.equal(await tried(phone.get(options)), wrong)
    })

    it('guesses at a password lock nobody out of their passkey', async () => {
      const user = await app.make.user()
      const { phone } = await enrol(user)
      for (let guess = 0; guess < 8; guess++) {
        await app.guest.post(`${ACCOUNT}/login/`, { email: user.email, password: 'wrong-password' })
      }
      assert.equal((await app.guest.post(`${ACCOUNT}/login/`, user)).status === 200, false)
      assert.equal((await signInAlone(phone)).status, 200)
    })

    it('a passkey whose count goes back is refused, and that is written down', async () => {
      const user = await app.make.user()
      const { phone } = await enrol(user)
      assert.equal((await signInAlone(phone)).status, 200)
      const options = await optionsOf(app.guest, 'passkeys/login/options/')
      const copy = phone.get(options, { count: 1 })
      assert.equal((await app.guest.post(`${ACCOUNT}/passkeys/login/`, { credential: copy })).status, 401)
      assert.ok((await kindsOf(user)).includes('passkey_copied'))
    })

    it('it proves again who one is, if it is one’s own', async () => {
      const [user, other] = [await app.make.user(), await app.make.user()]
      const { client, phone } = await enrol(user)
      const { phone: foreign } = await enrol(other)
      await ageProofs(user)
      assert.equal((await client.post(OPTIONS)).body.code, 'reauthentication_required')
      const again = `${ACCOUNT}/reauthenticate/passkey/`
      const options = await optionsOf(client, 'reauthenticate/passkey/options/')
      assert.equal(options.userVerification, 'required')
      const wrong = foreign.get({ ...options, allowCredentials: [] })
      assert.equal((await client.post(again, { credential: wrong })).body.code, 'invalid_credentials')
      assert.equal((await client.post(again, { credential: phone.get(options, { flags: 1 }) })).status, 401)
      const right = phone.get(options)
      assert.equal((await client.post(again, { credential: right })).status, 200)
      assert.equal((await client.post(again, { credential: right })).status, 401)
      assert.equal((await client.post(OPTIONS)).status, 200)
    })

    it('users see, rename and remove their own only', async () => {
      const [user, other] = [await app.make.user(), await app.make.user({ isSuperuser: true })]
      const { client, passkey } = await enrol(user)
      const { client: stranger } = await enrol(other)
      const path = `${PASSKEYS}${passkey.id}/`
      assert.equal(
        (await stranger.get(PASSKEYS)).body.data.some(({ id }: { id: string }) => id === passkey.id),
        false,
      )
      for (const answer of [
        await stranger.get(path),
        await stranger.patch(path, { name: 'X' }),
        await stranger.delete(path),
      ]) {
        assert.equal(answer.status, 404)
      }
      const renamed = await client.patch(path, { name: 'Old phone' })
      assert.deepEqual([renamed.status, renamed.body.data.name], [200, 'Old phone'])
      assert.ok((await kindsOf(user)).includes('passkey_renamed'))
      await add(client, device(), 'Key')
      assert.deepEqual((await client.patch(path, { name: 'KEY' })).body.errors, {
        name: ['Another of your passkeys has this name.'],
      })
      assert.equal((await client.patch(path, { public_key: 'AAAA' })).status, 400)
      assert.equal((await client.patch(path, { is_backed_up: true })).status, 400)
    })

    it('a guest has none, and nobody gets further by a filter', async () => {
      for (const [method, path] of [
        ['GET', PASSKEYS],
        ['POST', PASSKEYS],
        ['POST', OPTIONS],
        ['POST', `${ACCOUNT}/reauthenticate/passkey/options/`],
        ['POST', `${ACCOUNT}/reauthenticate/passkey/`],
        ['DELETE', `${PASSKEYS}00000000-0000-7000-8000-000000000000/`],
      ] as const) {
        assert.equal((await app.guest.send(method, path)).status, 401, path)
      }
      const { client } = await enrol(await app.make.user())
      for (const query of [
        '?user=1',
        '?public_key=x',
        '?credential_hash=x',
        '?ordering=sign_count',
        '?expand=user',
        '?fields=public_key',
      ]) {
        assert.equal((await client.get(PASSKEYS + query)).status, 400, query)
      }
    })

    it('neither a program with a key nor a superuser who works as the user gets at them', async () => {
      const business = await app.make.business()
      const user = await app.make.user({ business })
      const { client, passkey } = await enrol(user)
      const made = await client.post('/api/business/api-keys/', {
        name: 'Job',
        role: 'admin',
        scopes: ['clients:read'],
      })
      assert.equal(made.status, 201, made.text)
      const program = app.client(made.body.data.key)
      const { body } = await signInAlone((await enrol(await app.make.user({ isSuperuser: true }))).phone)
      const work = { user: user.id, reason: 'The user asked for help', business: business.id }
      const started = await app.client(body.data.access).post(`${ACCOUNT}/impersonate/`, work)
      assert.equal(started.status, 200, started.text)
      const impersonator = app.client(started.body.data.access)
      for (const asker of [program, impersonator]) {
        for (const [method, path] of [
          ['GET', PASSKEYS],
          ['GET', `${PASSKEYS}${passkey.id}/`],
          ['PATCH', `${PASSKEYS}${passkey.id}/`],
          ['DELETE', `${PASSKEYS}${passkey.id}/`],
          ['POST', PASSKEYS],
          ['POST', OPTIONS],
          ['POST', `${ACCOUNT}/reauthenticate/passkey/options/`],
          ['POST', `${ACCOUNT}/reauthenticate/passkey/`],
        ] as const) {
          const { status, body: refused } = await asker.send(method, path)
          assert.equal(status, 403, `${method} ${path}: ${refused.code}`)
        }
      }
    })

    it('whoever signed in long ago must prove again who they are before they add or remove one', async () => {
      const user = await app.make.user()
      const { client, passkey } = await enrol(user)
      const options = await optionsOf(client, '2fa/passkeys/options/')
      await ageProofs(user)
      for (const answer of [
        await client.post(OPTIONS),
        await client.post(PASSKEYS, { name: 'Late', credential: device().create(options) }),
        await client.delete(`${PASSKEYS}${passkey.id}/`),
      ]) {
        assert.deepEqual([answer.status, answer.body.code], [403, 'reauthentication_required'])
      }
    })

    it('whatever is sent in place of a credential is refused, and nothing breaks', async () => {
      const user = await app.make.user()
      const { client, phone } = await enrol(user)
      const good = phone.get(await optionsOf(app.guest, 'passkeys/login/options/'))
      const nested = JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`)
      const bad: unknown[] = [null, 0, '', 'x', true, [], {}, nested, { type: 'public-key' }, { ...good, id: '%' }]
      bad.push({ ...good, response: {} }, { ...good, response: { ...good.response, signature: 7 } }, 'x'.repeat(90_000))
      for (const credential of bad) {
        for (const answer of [
          await app.guest.post(`${ACCOUNT}/passkeys/login/`, { credential }),
          await client.post(PASSKEYS, { name: 'Bad', credential }),
          await client.post(`${ACCOUNT}/reauthenticate/passkey/`, { credential }),
          await app.guest.post(`${ACCOUNT}/login/second-factor/passkey/`, { challenge: 'x', credential }),
        ]) {
          assert.equal(answer.status, 400, answer.text)
          assert.equal(Object.keys(answer.body.errors).includes('credential'), true, answer.text)
        }
      }
      for (const challenge of ['x', 'A'.repeat(43), good.id]) {
        const path = `${ACCOUNT}/login/second-factor/passkey/`
        assert.equal((await app.guest.post(path, { challenge, credential: good })).body.code, 'token_not_valid')
        assert.equal((await app.guest.post(`${path}options/`, { challenge })).body.code, 'token_not_valid')
      }
      assert.equal((await client.post(PASSKEYS, { name: '', credential: good })).status, 400)
      assert.equal((await client.post(PASSKEYS, { name: 'x'.repeat(101), credential: good })).status, 400)
    })

    it('where a business wants a second factor, a passkey opens it, and without the last one it is closed again', async () => {
      const business = await app.make.business()
      await app
        .context()
        .query(Business)
        .filter({ id: business.id })
        .update({ two_factor_roles: ['agent'] })
      const user = await app.make.user({ business, role: 'agent' })
      const { body } = await app.guest.post(`${ACCOUNT}/login/`, { email: user.email, password: user.password })
      assert.deepEqual([body.data.business, body.data.second_factor_required], [null, true])
      const client = app.client(body.data.access)
      assert.equal((await client.get('/api/clients/clients/')).body.code, 'second_factor_required')
      const phone = device()
      const added = await add(client, phone)
      assert.equal(added.status, 201, added.text)
      assert.equal((await client.get('/api/clients/clients/')).status, 200)
      assert.equal((await signInAlone(phone)).body.data.business.id, business.id)
      assert.equal((await client.delete(`${PASSKEYS}${added.body.data.passkey.id}/`)).status, 200)
      assert.equal((await client.get('/api/clients/clients/')).body.code, 'second_factor_required')
    })

    it('to begin to sign in alone writes nothing, and such a challenge adds no passkey and takes no second step', async () => {
      const user = await app.make.user()
      const { client, phone } = await enrol(user)
      const count = () => app.context().query(OneTimeToken).count()
      const before = await count()
      const options = await optionsOf(app.guest, 'passkeys/login/options/')
      assert.equal(await count(), before)
      const { id } = (await client.get(`${ACCOUNT}/me/`)).body.data.user
      const created = device().create({ challenge: options.challenge, rp: { id: 'localhost' }, user: { id } })
      assert.equal((await client.post(PASSKEYS, { name: 'Sly', credential: created })).status, 400)
      const { token: challenge } = await logIn(user)
      const step = { challenge, credential: phone.get(options) }
      const answer = await app.guest.post(`${ACCOUNT}/login/second-factor/passkey/`, step)
      assert.deepEqual([answer.status, answer.body.code], [401, 'invalid_code'])
      assert.equal((await app.guest.post(`${ACCOUNT}/passkeys/login/`, { credential: phone.get(options) })).status, 200)
    })

    it('challenges of WebAuthn are kept as digests, and one of another user adds nothing', async () => {
      const [user, other] = [await app.make.user(), await app.make.user()]
      const [client, thief] = [await app.as(user), await app.as(other)]
      const options = await optionsOf(client, '2fa/passkeys/options/')
      const stored = JSON.stringify(await app.context().query(OneTimeToken).filter({ purpose: 'passkey' }).all())
      assert.equal(stored.includes(options.challenge), false)
      const stolen = await thief.post(PASSKEYS, { name: 'Phone', credential: device().create(options) })
      assert.match(stolen.body.errors.credential[0], /challenge is unknown/)
      assert.equal(await app.context().query(Passkey).filter({ user: other.id }).exists(), false)
    })
  })
}
