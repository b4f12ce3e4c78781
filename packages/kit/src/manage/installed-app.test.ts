import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { hooksOf, loadApps, modelsOf } from './installed-app.ts'

const DB = import.meta.resolve('../db/index.ts')

test('an app is its models and its hooks, found by the names of their files', async (context) => {
  const root = await mkdtemp(join(tmpdir(), 'bailiwick-apps-'))
  context.after(() => rm(root, { recursive: true }))
  const home = join(root, 'apps', 'shop')
  await mkdir(home, { recursive: true })
  const declared = `model('shop.Item', { scope: 'business', fields: { name: text() } })`
  await writeFile(join(home, 'models.ts'), `import { model, text } from '${DB}'\nexport const Item = ${declared}\n`)
  const source = `import { hooks } from '${DB}'\nimport { Item } from './models.ts'\nexport const itemHooks = hooks(Item, { afterCreate() {} })\nexport const other = 1\n`
  await writeFile(join(home, 'hooks.ts'), source)
  await mkdir(join(root, 'apps', 'bare'))
  const apps = await loadApps({ root, installedApps: ['shop', 'bare'] })
  const [hook, ...rest] = hooksOf(apps)
  assert.deepEqual([hook?.model.label, rest.length], ['shop.Item', 0])
  assert.equal(typeof hook?.afterCreate, 'function')
  assert.ok(modelsOf(apps).some(({ label }) => label === 'shop.Item'))
})
