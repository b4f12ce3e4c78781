import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { type TestProject, testProject } from '@bailiwick/kit/testing'
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core'
import { project } from '../../../core/project.ts'
import { Passkey } from '../models.ts'
import { type PasskeyPage, servePasskeyPage } from './passkey-page.ts'

const BROWSER = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const isThere = BROWSER !== '' && existsSync(BROWSER)
const skip = isThere || process.env.REQUIRE_SERVICES === '1' ? false : 'no browser: name one by CHROMIUM_PATH'
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update']

/** A device that asks for a finger and is shown one. */
const PHONE = {
  protocol: 'ctap2',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
} as const

describe('passkeys in Chromium, with the code of the reference', { skip }, () => {
  let app: TestProject
  let browser: Browser
  let site: PasskeyPage
  let elsewhere: PasskeyPage

  before(async () => {
    site = await servePasskeyPage()
    elsewhere = await servePasskeyPage()
    const environment = {
      WEBAUTHN_RP_ID: 'localhost',
      WEBAUTHN_ORIGINS: site.origin,
      CORS_ALLOWED_ORIGINS: `${site.origin},${elsewhere.origin}`,
    }
    app = await testProject(project, { environment })
    site.callApi(app.url)
    elsewhere.callApi(app.url)
    browser = await chromium.launch({ executablePath: BROWSER, args: ARGUMENTS })
  })
  after(async () => {
    await browser?.close()
    await site?.close()
    await elsewhere?.close()
    await app?.close()
  })

  const addPhone = async (page: Page, options: Partial<Record<keyof typeof PHONE, unknown>> = {}) => {
    const devices = await page.context().newCDPSession(page)
    await devices.send('WebAuthn.enable')
    const added = await devices.send('WebAuthn.addVirtualAuthenticator', {
      options: { ...PHONE, ...options } as typeof PHONE, // as: of the same kinds
    })
    return { devices, id: added.authenticatorId }
  }
  const openPage = async (from = site, options: Partial<Record<keyof typeof PHONE, unknown>> = {}) => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(from.origin)
    return { page, ...(await addPhone(page, options)) }
  }
  /** Runs code of the reference in the page; what it throws is given as its code or name. */
  const run = (page: Page, code: string, ...values: unknown[]) =>
    page.evaluate(
      async ([text, given]) => {
        const work = new Function('values', `return (async () => ${text})()`)
        // biome-ignore lint/suspicious/noExplicitAny: what the page answers is looked at by the test
        const failed = (error: any) => ({
          refused: typeof error.code === 'string' ? error.code : error.name,
          errors: error.errors,
          message: error.message,
        })
        return work(given).catch(failed)
      },
      [code, values] as const,
    )
  const signInByPassword = ({ email, password }: { email: string; password: string }, page: Page) =>
    run(page, 'signIn(...values)', email, password)
  const keptBy = (devices: CDPSession, authenticatorId: string) =>
    devices.send('WebAuthn.getCredentials', { authenticatorId })

  it('a user adds one, signs in with it in the second step and alone, and proves again who they are', async () => {
    const user = await app.make.user({ name: 'Asha' })
    const { page, devices, id } = await openPage()
    assert.equal((await signInByPassword(user, page)).challenge, null)
    const added = await run(page, 'addPasskey(...values)', 'Phone')
    assert.equal(added.passkey?.name, 'Phone', JSON.stringify(added))
    assert.equal(added.recovery_codes.length, 10)
    const { credentials } = await keptBy(devices, id)
    assert.deepEqual(
      [credentials.length, credentials[0]?.rpId, credentials[0]?.isResidentCredential],
      [1, 'localhost', true],
    )

    const second = await signInByPassword(user, page)
    assert.equal(second.user?.email, user.email, JSON.stringify(second))
    assert.equal((await run(page, 'post("reauthenticate/passkey/options/").then(getCredential)')).type, 'public-key')

    const alone = await run(page, 'signInWithPasskey()')
    assert.equal(alone.user?.email, user.email, JSON.stringify(alone))
    assert.equal(await run(page, 'proveAgain()'), null)
    const [row] = await app.context().query(Passkey).filter({ user: user.id }).all()
    assert.ok(row?.last_used_at)
    assert.ok(row.sign_count >= 3n)
    await page.context().close()
  })

  it('a device that has one makes no second for the user, but another device does', async () => {
    const user = await app.make.user({ name: 'Bela' })
    const { page, devices, id } = await openPage()
    await signInByPassword(user, page)
    assert.equal((await run(page, 'addPasskey("Phone")')).passkey.name, 'Phone')
    assert.equal((await run(page, 'addPasskey("Again")')).refused, 'InvalidStateError')
    await devices.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: id })
    await addPhone(page, { transport: 'usb' })
    assert.equal((await run(page, 'addPasskey("phone")')).errors.name[0], 'Another of your passkeys has this name.')
    await page.context().close()
  })

  it('a page of another origin makes and uses none, though the browser lets it', async () => {
    const user = await app.make.user({ name: 'Chen' })
    const { page } = await openPage(elsewhere)
    await signInByPassword(user, page)
    const added = await run(page, 'addPasskey("Phone")')
    assert.equal(added.refused, 'validation_failed', JSON.stringify(added))
    assert.match(added.errors.credential[0], /another origin/)
    assert.equal((await run(page, 'signInWithPasskey()')).refused, 'invalid_credentials')
    await page.context().close()
  })

  it('one that is renamed still signs in, and one that is removed does not', async () => {
    const user = await app.make.user({ name: 'Dana' })
    const { page } = await openPage()
    const { access } = await signInByPassword(user, page)
    const { passkey } = await run(page, 'addPasskey("Phone")')
    const client = app.client(access)
    const address = `/api/account/2fa/passkeys/${passkey.id}/`
    assert.equal((await client.patch(address, { name: 'Old phone' })).body.data.name, 'Old phone')
    assert.equal((await run(page, 'signInWithPasskey()')).user.email, user.email)
    assert.equal((await client.delete(address)).status, 200)
    assert.equal((await run(page, 'signInWithPasskey()')).refused, 'invalid_credentials')
    assert.equal((await signInByPassword(user, page)).challenge, null)
    await page.context().close()
  })

  it('a key that verifies nobody is a second factor, and does not stand alone', async () => {
    const user = await app.make.user({ name: 'Eve' })
    const { page } = await openPage(site, {
      transport: 'usb',
      hasUserVerification: false,
      isUserVerified: false,
      hasResidentKey: false,
    })
    await signInByPassword(user, page)
    assert.equal((await run(page, 'addPasskey("Key")')).passkey.name, 'Key')
    assert.equal((await signInByPassword(user, page)).user.email, user.email)
    assert.equal(typeof (await run(page, 'signInWithPasskey()')).refused, 'string')
    await page.context().close()
  })
})
