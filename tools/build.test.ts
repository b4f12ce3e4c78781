import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { buildPackage } from './build.ts'

const FILES = {
  'package.json': JSON.stringify({ name: '@bailiwick/kit', type: 'module', exports: { './*': './src/*/index.ts' } }),
  'tsconfig.build.json': readFileSync('packages/kit/tsconfig.build.json', 'utf8').replace(
    '../../tsconfig.json',
    resolve('tsconfig.json'),
  ),
  'src/base/index.ts': "export { two } from './two.ts'\n",
  'src/base/two.ts': 'export const two: number = 2\n',
  'src/base/two.test.ts': "import './two.ts'\n",
  'src/base/page.html': '<p>',
}

test('a build holds JavaScript, declarations, assets and a manifest with one subpath a door, but no tests', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bw_build_'))
  try {
    for (const [path, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
    buildPackage(folder, process.cwd())
    const built = (path: string) => readFileSync(join(folder, 'dist', path), 'utf8')
    assert.deepEqual(JSON.parse(built('package.json')).exports, {
      './base': { types: './base/index.d.ts', default: './base/index.js' },
    })
    const door = await import(pathToFileURL(join(folder, 'dist/base/index.js')).href)
    assert.equal(door.two, 2)
    assert.match(built('base/two.d.ts'), /two: number/)
    assert.equal(built('base/page.html'), '<p>')
    assert.throws(() => built('base/two.test.js'), { code: 'ENOENT' })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
