import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { type MadeUser, type TestProject, testProject } from '@bailiwick/kit/testing'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { project } from '../../../core/project.ts'

const BROWSER = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const isThere = BROWSER !== '' && existsSync(BROWSER)
const skip = isThere || process.env.REQUIRE_SERVICES === '1' ? false : 'no browser: name one by CHROMIUM_PATH'
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update']
const CLIENTS = '/api/clients/clients/'

interface Sent {
  readonly method?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly mode?: 'no-cors'
}

/** Pages of another origin on the same site: another port of the same host. To these a browser sends cookies that are Lax. */
function servePages(): Promise<Server> {
  const pages = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<title>A page</title>')
  })
  return new Promise((resolve) => pages.listen(0, () => resolve(pages)))
}

describe('cookies in a browser', { skip }, () => {
  let app: TestProject
  let pages: Server
  let browser: Browser
  let user: MadeUser
  let neighbour: string
  before(async () => {
    pages = await servePages()
    const { port } = pages.address() as AddressInfo // as: it listens on TCP
    neighbour = `http://127.0.0.1:${port}`
    app = await testProject(project)
    user = await app.make.user({ business: await app.make.business() })
    browser = await chromium.launch({ executablePath: BROWSER, args: ARGUMENTS })
  })
  after(async () => {
    await browser?.close()
    pages.close()
    await app.close()
  })

  /** What a page gets when it calls the API with the cookies of its browser: the status, or what went wrong. */
  const call = (page: Page, path: string, sent: Sent = {}): Promise<string> =>
    page.evaluate(
      async ([url, options]) => {
        try {
          const answer = await fetch(url, { credentials: 'include', ...options })
          const body = (await answer.json()) as { readonly code?: string } // as: the envelope of every answer
          return `${answer.status} ${body.code ?? 'ok'}`
        } catch {
          return 'kept back'
        }
      },
      [app.url + path, sent] as const,
    )
  /** What scripts of a page see of its cookies. */
  const scriptCookies = async (page: Page): Promise<string> => String(await page.evaluate('document.cookie'))
  const json = (values: object, token = ''): Sent => ({
    method: 'POST',
    body: JSON.stringify(values),
    headers: { 'content-type': 'application/json', ...(token !== '' && { 'x-csrftoken': token }) },
  })
  const credentials = () => ({ email: user.email, password: user.password, transport: 'cookies' })
  const pageAt = async (context: BrowserContext, address: string): Promise<Page> => {
    const page = await context.newPage()
    await page.goto(address)
    return page
  }
  const cookieNames = async (context: BrowserContext) => (await context.cookies()).map(({ name }) => name).sort()

  async function signedIn() {
    const context = await browser.newContext()
    const page = await pageAt(context, `${app.url}/api/docs/`)
    assert.equal(await call(page, '/api/account/login/', json(credentials())), '200 ok')
    const token = /csrftoken=([^;]+)/.exec(await scriptCookies(page))?.[1] ?? ''
    return { context, page, token }
  }

  it('sign a page of the same origin in, and its scripts see the token against forgery alone', async () => {
    const { context, page, token } = await signedIn()
    assert.deepEqual(await cookieNames(context), ['access_token', 'csrftoken', 'refresh_token'])
    assert.match(await scriptCookies(page), /^csrftoken=[^;]+$/)
    assert.equal(await call(page, CLIENTS), '200 ok')
    assert.equal(await call(page, CLIENTS, json({ name: 'Nila' })), '403 csrf_failed')
    assert.equal(await call(page, CLIENTS, json({ name: 'Nila' }, token)), '201 ok')
    assert.equal(
      await call(page, '/api/account/refresh/', { method: 'POST', headers: { 'x-csrftoken': token } }),
      '200 ok',
    )
    assert.equal(
      await call(page, '/api/account/logout/', { method: 'POST', headers: { 'x-csrftoken': token } }),
      '200 ok',
    )
    assert.deepEqual(await cookieNames(context), [])
    await context.close()
  })

  it('are of no use to a page of another origin on the same site, though the browser sends them along', async () => {
    const { context, page } = await signedIn()
    const evil = await pageAt(context, neighbour)
    assert.equal(await call(evil, CLIENTS), 'kept back')
    for (const path of ['/api/account/logout/', '/api/account/refresh/', CLIENTS]) {
      assert.equal(await call(evil, path, { method: 'POST', mode: 'no-cors' }), 'kept back')
      assert.equal(await call(evil, path, json({ name: 'Evil' })), 'kept back')
    }
    assert.equal(await call(page, '/api/account/me/'), '200 ok', 'nobody was signed out')
    const [form] = await Promise.all([
      evil.waitForResponse((response) => response.url().endsWith('/logout/')),
      evil.evaluate(`
        const form = document.body.appendChild(document.createElement('form'))
        Object.assign(form, { method: 'post', action: '${app.url}/api/account/logout/' })
        form.submit()
      `),
    ])
    assert.equal(form.status(), 403)
    assert.ok((await form.request().headerValue('cookie'))?.includes('access_token='))
    assert.equal(await call(page, '/api/account/me/'), '200 ok')
    await context.close()
  })

  it('are not set by a page of another origin: nobody is signed in as somebody else', async () => {
    const context = await browser.newContext()
    const evil = await pageAt(context, neighbour)
    assert.equal(await call(evil, '/api/account/login/', json(credentials())), 'kept back')
    const asText = { method: 'POST', mode: 'no-cors', body: JSON.stringify(credentials()) } as const
    assert.equal(await call(evil, '/api/account/login/', asText), 'kept back')
    assert.deepEqual(await cookieNames(context), [])
    await context.close()
  })
})
