import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type MadeUser, type TestProject, testProject } from '@bailiwick/kit/testing'
import { project } from '../../../core/project.ts'
import { Browser } from './browser.ts'

const FOREIGN = 'https://evil.example'
const TRUSTED = 'https://app.acme.test'
const CLIENTS = '/api/clients/clients/'

describe('a browser that signs in with cookies', () => {
  let app: TestProject
  before(async () => {
    app = await testProject(project, { environment: { CSRF_TRUSTED_ORIGINS: `${TRUSTED},https://*.shops.test` } })
  })
  after(() => app.close())

  const credentials = ({ email, password }: MadeUser) => ({ email, password, transport: 'cookies' })
  const makeUser = async () => app.make.user({ business: await app.make.business() })

  async function signedIn() {
    const user = await makeUser()
    const browser = new Browser(app.url)
    const answer = await browser.post('/api/account/login/', credentials(user))
    assert.equal(answer.status, 200, answer.text)
    return { user, browser, answer }
  }

  const refusal = ({ status, body }: Awaited<ReturnType<Browser['get']>>) => [status, body.code, body.message]

  it('gets no token in the answer, but three cookies of which scripts can read one', async () => {
    const { browser, answer } = await signedIn()
    const { access, refresh, csrf_token } = answer.body.data
    assert.deepEqual([access, refresh], [null, null])
    assert.equal(browser.cookie('csrftoken'), csrf_token)
    const shown = (name: string) => {
      const text = browser.attributes(name).join('; ')
      const days = Number(/Max-Age=(\d+)/.exec(text)?.[1]) / 86_400
      return text.replace(/Max-Age=\d+/, `${Math.round(days)} days`)
    }
    assert.equal(shown('access_token'), 'Path=/; 30 days; SameSite=Lax; HttpOnly')
    assert.equal(shown('refresh_token'), 'Path=/api/account/; 60 days; SameSite=Strict; HttpOnly')
    assert.equal(shown('csrftoken'), 'Path=/; 60 days; SameSite=Lax')
  })

  it('reads and changes what its user may, and signs out', async () => {
    const { browser, user } = await signedIn()
    assert.equal((await browser.get('/api/account/me/')).body.data.user.email, user.email)
    assert.equal((await browser.post(CLIENTS, { name: 'Mine' })).status, 201)
    const kept = browser.pageOf(app.url, app.url)
    assert.equal((await browser.post('/api/account/logout/')).status, 200)
    assert.deepEqual(browser.names(), [])
    assert.deepEqual(refusal(await kept.get(CLIENTS)).slice(0, 2), [401, 'token_not_valid'])
    assert.equal((await browser.get(CLIENTS)).status, 401)
  })

  it('renews its cookies without a body, also once the access cookie is gone, and the old ones are dead', async () => {
    const { browser } = await signedIn()
    const old = browser.cookie('access_token')
    const kept = browser.pageOf(app.url, app.url)
    browser.plant('access_token', 'gone')
    const { status, body } = await browser.post('/api/account/refresh/')
    assert.deepEqual([status, body.data.access, body.data.refresh], [200, null, null])
    assert.equal(body.data.csrf_token, browser.cookie('csrftoken'))
    assert.notEqual(browser.cookie('access_token'), old)
    assert.equal((await browser.get(CLIENTS)).status, 200)
    assert.notEqual(kept.cookie('refresh_token'), browser.cookie('refresh_token'))
  })

  it('switches to another business, in cookies again', async () => {
    const { browser, user } = await signedIn()
    const before = browser.pageOf(app.url, app.url)
    const { status, body } = await browser.post('/api/business/switch/', { business: user.business?.id })
    assert.deepEqual([status, body.data.access, typeof body.data.csrf_token], [200, null, 'string'])
    assert.equal((await before.get(CLIENTS)).status, 401, 'the session whose cookies are replaced has ended')
    assert.equal((await browser.post(CLIENTS, { name: 'There' })).status, 201)
  })

  it('gets a new token against forged requests, which is good beside the old one', async () => {
    const { browser } = await signedIn()
    const { csrf_token } = (await browser.get('/api/account/csrf/')).body.data
    assert.notEqual(csrf_token, browser.cookie('csrftoken'))
    const headers = { 'x-csrftoken': csrf_token }
    assert.equal((await browser.post(CLIENTS, { name: 'New' }, { headers })).status, 201)
    assert.equal((await browser.post(CLIENTS, { name: 'Old' })).status, 201)
  })

  it('changes nothing from a page of another origin, whatever cookies go along', async () => {
    const { browser } = await signedIn()
    const page = browser.pageOf(FOREIGN, app.url)
    const message = `CSRF Failed: Origin checking failed - ${FOREIGN} does not match any trusted origins.`
    for (const [method, path] of [
      ['POST', CLIENTS],
      ['PUT', `${CLIENTS}x/`],
      ['PATCH', `${CLIENTS}x/`],
      ['DELETE', `${CLIENTS}x/`],
      ['POST', '/api/account/logout/'],
      ['POST', '/api/business/switch/'],
      ['POST', '/api/account/refresh/'],
    ] as const) {
      assert.deepEqual(refusal(await page.send(method, path, {})), [403, 'csrf_failed', message], `${method} ${path}`)
    }
    const forms: readonly Record<string, string>[] = [{ origin: 'null' }, { origin: `${app.url}.evil.example` }]
    for (const headers of forms) assert.equal((await page.post(CLIENTS, {}, { headers })).body.code, 'csrf_failed')
    assert.equal((await browser.get(CLIENTS)).body.data.length, 0)
    assert.equal((await browser.post('/api/account/refresh/')).status, 200)
  })

  it('no endpoint that changes something takes a foreign page for its own, nor gives it cookies', async () => {
    const { browser } = await signedIn()
    const page = browser.pageOf(FOREIGN, app.url)
    const changing = app.endpoints.filter(({ method }) => method !== 'GET')
    assert.ok(changing.length > 40)
    for (const { method, path, permission, body } of changing) {
      const address = path.replaceAll(/:\w+/g, '0198f3a0-5b7c-7d2e-8f10-3c5a9e1b2d47')
      const isOpen = permission.name === 'allowAny'
      const takesTransport = body?.serializer.members.some(({ name }) => name === 'transport') === true
      const answer = await page.send(method, address, { body: takesTransport ? { transport: 'cookies' } : {} })
      if (!isOpen || takesTransport)
        assert.deepEqual(refusal(answer).slice(0, 2), [403, 'csrf_failed'], `${method} ${path}`)
      assert.deepEqual(answer.headers.getSetCookie(), [], `${method} ${path}`)
    }
    assert.equal((await browser.get(CLIENTS)).status, 200)
  })

  it('tells by the referer or the fetch metadata where no origin is sent', async () => {
    const { browser } = await signedIn()
    const send = async (headers: Readonly<Record<string, string>>) =>
      refusal(await browser.post(CLIENTS, { name: 'Acme' }, { headers: { origin: null, ...headers } }))
    const failed = (reason: string) => [403, 'csrf_failed', `CSRF Failed: Referer checking failed - ${reason}`]
    assert.deepEqual(await send({}), failed('no Referer.'))
    assert.deepEqual(await send({ referer: 'about:blank' }), failed('Referer is malformed.'))
    assert.deepEqual(await send({ referer: ':' }), failed('Referer is malformed.'))
    const noMatch = failed(`${FOREIGN} does not match any trusted origins.`)
    assert.deepEqual(await send({ referer: `${FOREIGN}/?${app.url}/` }), noMatch)
    assert.deepEqual(await send({ 'sec-fetch-site': 'cross-site' }), failed('no Referer.'))
    assert.deepEqual(await send({ 'sec-fetch-site': 'same-site' }), failed('no Referer.'))
    assert.equal((await send({ referer: `${app.url}/page?x` }))[0], 201)
    assert.equal((await send({ 'sec-fetch-site': 'same-origin' }))[0], 201)
  })

  it('needs the token of its own session in the header', async () => {
    const { browser } = await signedIn()
    const other = (await signedIn()).browser
    const send = async (token: string | null) =>
      refusal(await browser.post(CLIENTS, { name: 'Acme' }, { headers: { 'x-csrftoken': token } }))
    assert.deepEqual(await send(null), [403, 'csrf_failed', 'CSRF Failed: CSRF token missing.'])
    const incorrect = "CSRF Failed: CSRF token from the 'X-Csrftoken' HTTP header incorrect."
    const own = browser.cookie('csrftoken')
    for (const wrong of ['', 'x', other.cookie('csrftoken'), own.slice(0, -1), `${own}0`, own.toUpperCase(), '.']) {
      assert.deepEqual(await send(wrong), [403, 'csrf_failed', incorrect], wrong)
    }
    assert.equal((await send(own))[0], 201)
  })

  it('lets pages of trusted origins in, and of subdomains where the setting says so', async () => {
    for (const origin of [TRUSTED, 'https://a.shops.test', 'https://a.b.shops.test', 'https://shops.test']) {
      const page = new Browser(app.url, { pageOrigin: origin })
      assert.equal((await page.post('/api/account/login/', credentials(await makeUser()))).status, 200, origin)
    }
    const wrong = ['http://app.acme.test', 'https://app.acme.test:444', 'https://xshops.test', 'http://a.shops.test']
    for (const origin of [...wrong, 'https://shops.test.evil.example', 'https://a.shops.test/', 'a.shops.test']) {
      const page = new Browser(app.url, { pageOrigin: origin })
      const answer = await page.post('/api/account/login/', credentials(await makeUser()))
      assert.deepEqual([answer.status, answer.body.code, page.names()], [403, 'csrf_failed', []], origin)
    }
  })

  it('cannot be signed in as somebody else by a page of another site', async () => {
    const attacker = await makeUser()
    for (const headers of [{}, { origin: null }, { origin: null, 'sec-fetch-site': 'cross-site' }]) {
      const page = new Browser(app.url, { pageOrigin: FOREIGN })
      const answer = await page.post('/api/account/login/', credentials(attacker), { headers })
      assert.deepEqual([answer.status, answer.body.code, page.names()], [403, 'csrf_failed', []])
    }
    const wrong = await new Browser(app.url, { pageOrigin: FOREIGN }).post('/api/account/login/', {
      ...credentials(attacker),
      password: 'wrong-password-9',
    })
    assert.equal(wrong.body.code, 'csrf_failed', 'whether the password is right is not told to other sites')
  })

  it('signs in again in spite of stale cookies, and of those of another session', async () => {
    const { browser, user } = await signedIn()
    const before = browser.pageOf(app.url, app.url)
    const headers = { 'x-csrftoken': null }
    assert.equal((await browser.post('/api/account/login/', credentials(user), { headers })).status, 200)
    assert.equal((await before.get(CLIENTS)).status, 401)
    browser.plant('access_token', 'stale')
    assert.equal((await browser.post('/api/account/login/', credentials(user))).status, 200)
    assert.equal((await browser.get(CLIENTS)).status, 200)
  })

  it('loses a dead access cookie, and keeps the refresh cookie until that is dead too', async () => {
    const { browser } = await signedIn()
    browser.plant('access_token', 'stale')
    assert.deepEqual(refusal(await browser.get(CLIENTS)).slice(0, 2), [401, 'token_not_valid'])
    assert.deepEqual(browser.names(), ['csrftoken', 'refresh_token'])
    const second = browser.pageOf(app.url, app.url)
    assert.equal((await browser.post('/api/account/logout/')).status, 401)
    assert.equal((await browser.post('/api/account/refresh/')).status, 200)
    assert.equal((await browser.post('/api/account/logout/')).status, 200)
    assert.deepEqual(refusal(await second.post('/api/account/refresh/')).slice(0, 2), [401, 'token_not_valid'])
    assert.deepEqual(second.names(), [])
  })

  it('tokens are taken only in the way they were given', async () => {
    const { browser, user } = await signedIn()
    const bearer = (token: string) => app.client(token)
    assert.equal((await bearer(browser.cookie('access_token')).get(CLIENTS)).body.code, 'token_not_valid')
    const inBody = { refresh: browser.cookie('refresh_token') }
    assert.equal((await app.guest.post('/api/account/refresh/', inBody)).body.code, 'token_not_valid')
    const given = await app.guest.post('/api/account/login/', { email: user.email, password: user.password })
    const { access, refresh } = given.body.data
    const thief = browser.pageOf(app.url, app.url)
    thief.plant('access_token', access)
    assert.equal((await thief.get(CLIENTS)).body.code, 'token_not_valid')
    thief.plant('refresh_token', refresh)
    assert.equal((await thief.post('/api/account/refresh/')).status, 403, 'the token against forgery is of another')
    assert.equal((await app.guest.post('/api/account/refresh/', { refresh })).status, 200)
    assert.equal((await browser.post('/api/account/refresh/')).status, 200)
  })

  it('a bearer token stands above cookies, and needs no token against forgery', async () => {
    const { browser } = await signedIn()
    const other = await makeUser()
    const { access } = (await app.guest.post('/api/account/login/', { email: other.email, password: other.password }))
      .body.data
    const headers = { authorization: `Bearer ${access}`, origin: FOREIGN, 'x-csrftoken': null }
    const { body } = await browser.send('GET', '/api/account/me/', { headers })
    assert.equal(body.data.user.email, other.email)
    assert.equal((await browser.post(CLIENTS, { name: 'Acme' }, { headers })).status, 201)
    assert.equal((await browser.get('/api/account/me/', { headers: { authorization: 'Bearer x' } })).status, 401)
    const basic = { authorization: 'Basic eDp5', origin: FOREIGN }
    assert.equal((await browser.post(CLIENTS, {}, { headers: basic })).body.code, 'csrf_failed')
  })

  it('hostile cookie headers answer as none or as a dead token, never with 500', async () => {
    const { browser } = await signedIn()
    const [access, csrf] = [browser.cookie('access_token'), browser.cookie('csrftoken')]
    const values = ['', '"', '%', '%00', '\u00e9', '{}', 'a.b.c', 'x'.repeat(9000), 'null', `${access}.`, '=', '==;=']
    const headers = [
      ...values.map((value) => `access_token=${value}`),
      `access_token=${access}; access_token=${access}`,
      `access_token=${access}; access_token=x`,
      `access_token`,
      `access_token;;;=;`,
      ';'.repeat(5000),
      `ACCESS_TOKEN=${access}`,
      `__proto__=1; constructor=2`,
      `$Version=1; access_token="${access}"`,
    ]
    for (const cookie of headers) {
      const answer = await browser.get(CLIENTS, { headers: { cookie } })
      assert.equal(answer.status, 401, cookie.slice(0, 40))
      const refreshed = await app.guest.send('POST', '/api/account/refresh/', {
        headers: { cookie: cookie.replaceAll('access_', 'refresh_'), origin: app.url, 'x-csrftoken': csrf },
      })
      assert.ok([400, 401, 403].includes(refreshed.status), `${refreshed.status} ${cookie.slice(0, 40)}`)
    }
    const spaced = await browser.get(CLIENTS, { headers: { cookie: `  a=b;access_token=${access};c` } })
    assert.equal(spaced.status, 200)
  })
})

describe('cookies over https', () => {
  const BEHIND_PROXY = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'api.acme.test' }

  it('have names that no other host and no plain page can plant', async () => {
    const secret = 'test-only-k8Zq2vN5xR7tY1uI4oP6aS9dF3gH0jK8lZ2xC5vB7nM1q'
    const environment = {
      DEBUG: 'false',
      ALLOWED_HOSTS: 'api.acme.test,127.0.0.1',
      EMAIL_BACKEND: 'memory',
      SECRET_KEY: secret,
      JWT_SECRET_KEY: secret,
      TRUST_PROXY: 'loopback',
      SESSION_COOKIE_SAMESITE: 'None',
    }
    const app = await testProject(project, { environment })
    const { email, password } = await app.make.user({ business: await app.make.business() })
    const browser = new Browser(app.url, { pageOrigin: 'https://api.acme.test', headers: BEHIND_PROXY })
    assert.equal((await browser.post('/api/account/login/', { email, password, transport: 'cookies' })).status, 200)
    assert.deepEqual(browser.names(), ['__Host-access_token', '__Secure-refresh_token', 'csrftoken'])
    for (const name of browser.names())
      assert.deepEqual(browser.attributes(name).slice(2, 4), ['SameSite=None', 'Secure'])
    assert.equal((await browser.post(CLIENTS, { name: 'Acme' })).status, 201)
    const plain = browser.pageOf('http://api.acme.test', app.url)
    assert.equal((await plain.post(CLIENTS, { name: 'Acme' })).body.code, 'csrf_failed')
    const unprefixed = { cookie: `access_token=${browser.cookie('__Host-access_token')}` }
    assert.equal((await browser.get(CLIENTS, { headers: unprefixed })).body.code, 'not_authenticated')
    await app.close()
  })
})
