import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { type Browser, chromium, type Page } from 'playwright-core'
import { testStores } from '../testing/throwaway-store.ts'
import { MODELS, type SampleApi, serveSample } from './tests/sample-api.ts'

const BROWSER = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const isThere = BROWSER !== '' && existsSync(BROWSER)
const skip = isThere || process.env.REQUIRE_SERVICES === '1' ? false : 'no browser: name one by CHROMIUM_PATH'
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update']

describe('the pages of the documentation, in a browser', { skip }, () => {
  let api: SampleApi
  let browser: Browser
  let drop: () => Promise<void>

  before(async () => {
    const [source] = testStores(MODELS)
    assert.ok(source)
    const stage = await source.create()
    drop = stage.drop
    api = await serveSample(stage.store)
    browser = await chromium.launch({ executablePath: BROWSER, args: ARGUMENTS })
  })
  after(async () => {
    await browser?.close()
    await api.close()
    await drop()
  })

  test('Swagger UI shows the operations and tries one with a token, without a complaint', async () => {
    const { page, complaints } = await open(browser, `${api.address}/api/docs/`)
    await page.getByText('List clients', { exact: true }).first().waitFor()

    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.getByLabel('auth-bearer-value').first().fill('token')
    await page.locator('.auth-container').getByRole('button', { name: 'Apply credentials' }).first().click()
    await page.locator('.auth-container').getByRole('button', { name: 'Close' }).first().click()

    const operation = page.locator('#operations-clients-clients_clients_list')
    await operation.getByText('List clients').click()
    await operation.getByRole('button', { name: 'Try it out' }).click()
    const answer = page.waitForResponse((response) => response.url().includes('/api/clients/clients'))
    await operation.getByRole('button', { name: 'Execute' }).click()
    assert.equal((await answer).status(), 200)
    await operation.locator('.live-responses-table').getByText('"pagination"').first().waitFor()

    await page.locator('#operations-clients-clients_clients_create').getByText('Create a client').click()
    await page.getByText('sales@acme.example').first().waitFor()
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test('ReDoc shows the operations and finds one, without a complaint', async () => {
    const { page, complaints } = await open(browser, `${api.address}/api/redoc/`)
    await page.getByRole('heading', { name: 'Archive a client' }).waitFor()
    await page.getByPlaceholder('Search...').fill('archive')
    await page.locator('[data-role="search:results"]').getByText('Archive a client').waitFor()
    assert.deepEqual(complaints, [])
    await page.close()
  })
})

/** Opens a page, and notes what goes wrong on it: errors, refused policies, files that cannot be had, other servers. */
async function open(browser: Browser, address: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage()
  const complaints: string[] = []
  const { origin } = new URL(address)
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`))
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(origin) && !/^(data|blob):/.test(url)) complaints.push(`elsewhere: ${url}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`)
  })
  await page.goto(address)
  return { page, complaints }
}
