import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** What the build reads of a package's manifest; the rest is passed on. */
interface Manifest {
  readonly exports?: unknown
  readonly [key: string]: unknown
}

/**
 * Compiles a package to JavaScript and declarations in its `dist`, which is what is published:
 * `npm publish packages/kit/dist`. In the repository the package's own manifest points at the TypeScript.
 */
export function buildPackage(folder: string, root: string): void {
  const dist = join(folder, 'dist')
  rmSync(dist, { recursive: true, force: true })
  const compiler = resolve(root, 'node_modules/.bin/tsc')
  const compiled = spawnSync(compiler, ['-p', join(folder, 'tsconfig.build.json')], { stdio: 'inherit' })
  if (compiled.error) throw compiled.error
  if (compiled.status !== 0) throw new Error(`Cannot build ${folder}: the compiler found the mistakes above`)
  copyAssets(join(folder, 'src'), dist)
  // A manifest is an object with whatever keys npm takes: only `exports` is ours to replace.
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
  writeFileSync(join(dist, 'package.json'), `${JSON.stringify(publishedManifest(manifest, doorsOf(dist)), null, 2)}\n`)
  for (const file of ['README.md', 'LICENSE'].filter((name) => existsSync(join(root, name)))) {
    copyFileSync(join(root, file), join(dist, file))
  }
}

/** The manifest with one subpath for each door. */
export function publishedManifest(manifest: Manifest, doors: readonly string[]): Manifest {
  const subpath = (door: string) => [`./${door}`, { types: `./${door}/index.d.ts`, default: `./${door}/index.js` }]
  return { ...manifest, exports: Object.fromEntries(doors.map(subpath)) }
}

/** What the compiler leaves behind: templates, pages, style sheets. */
function copyAssets(from: string, to: string): void {
  for (const file of globSync('**/*', { cwd: from, withFileTypes: true })) {
    if (!file.isFile() || file.name.endsWith('.ts')) continue
    const source = join(file.parentPath, file.name)
    cpSync(source, source.replace(from, to))
  }
}

/** Only what an area's `index.ts` exports is open to a project: the files behind it are not. */
function doorsOf(dist: string): string[] {
  return globSync('*/index.js', { cwd: dist })
    .map((path) => path.split(/[\\/]/)[0] ?? path)
    .toSorted()
}

if (import.meta.main) {
  try {
    const folders = globSync('packages/*/tsconfig.build.json').map((path) => path.replace(/[\\/][^\\/]*$/, ''))
    for (const folder of folders) {
      buildPackage(folder, process.cwd())
      console.log(`built ${join(folder, 'dist')}`)
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
