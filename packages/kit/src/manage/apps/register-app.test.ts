import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addInstalledApp, addRouter } from './register-app.ts'

describe('registering an app', () => {
  test('its name is put at the end of INSTALLED_APPS', () => {
    assert.equal(
      addInstalledApp("export const INSTALLED_APPS = ['account', 'clients']\n", 'inventory'),
      "export const INSTALLED_APPS = ['account', 'clients', 'inventory']\n",
    )
    assert.equal(
      addInstalledApp('export const INSTALLED_APPS: readonly string[] = []\n', 'shop'),
      "export const INSTALLED_APPS: readonly string[] = ['shop']\n",
    )
  })

  test('a list that no longer fits on a line gets a line for each', () => {
    const names = Array.from({ length: 9 }, (_, index) => `'application${index}'`)
    const source = `const INSTALLED_APPS = [${names.slice(0, 8).join(', ')}]\n`
    const lines = names.map((name) => `  ${name},\n`).join('')
    assert.equal(addInstalledApp(source, 'application8'), `const INSTALLED_APPS = [\n${lines}]\n`)
    assert.equal(
      addInstalledApp(`const INSTALLED_APPS = [\n${lines}]\n`, 'a'),
      `const INSTALLED_APPS = [\n${lines}  'a',\n]\n`,
    )
  })

  test('its router is imported in order, and listed', () => {
    const source = `import { accountRouter } from '../apps/account/urls.ts'
import { zooRouter } from '../apps/zoo/urls.ts'

export const routers = [accountRouter, zooRouter]
`
    assert.equal(
      addRouter(source, 'inventory'),
      `import { accountRouter } from '../apps/account/urls.ts'
import { inventoryRouter } from '../apps/inventory/urls.ts'
import { zooRouter } from '../apps/zoo/urls.ts'

export const routers = [accountRouter, zooRouter, inventoryRouter]
`,
    )
  })

  test('a file without the list is left alone', () => {
    assert.equal(addInstalledApp('export const APPS = []\n', 'shop'), null)
    assert.equal(addRouter('export const urls = []\n', 'shop'), null)
  })
})
