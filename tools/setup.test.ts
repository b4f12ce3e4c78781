import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

// npm reaches the outside world, so another stands in: it says that it ran, and installs what npm would have.
const NPM = `#!/bin/sh
echo "npm $*" >> npm.log
sleep 0.2
[ ! -f refuse ] || exit 1
mkdir -p node_modules && touch node_modules/.package-lock.json
`

class Repository {
  readonly root = mkdtempSync(join(tmpdir(), 'bw_setup_'))

  constructor() {
    mkdirSync(join(this.root, 'tools'))
    mkdirSync(join(this.root, 'bin'))
    copyFileSync('tools/setup.sh', join(this.root, 'tools/setup.sh'))
    this.write('package-lock.json', '{}')
    this.write('bin/npm', NPM)
    chmodSync(join(this.root, 'bin/npm'), 0o755)
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true })
    writeFileSync(join(this.root, path), text)
  }

  setUp(): Promise<{ code: number | null; output: string }> {
    const path = `${join(this.root, 'bin')}:${dirname(process.execPath)}:/usr/bin:/bin`
    const child = spawn('sh', [join(this.root, 'tools/setup.sh')], { env: { PATH: path } })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk))
    return new Promise((settle) => child.once('close', (code) => settle({ code, output })))
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true })
  }
}

test('what is missing is installed, and the second time there is nothing to do or say', async () => {
  using repository = new Repository()
  assert.deepEqual(await repository.setUp(), { code: 0, output: 'setup: installing packages (npm ci)…\n' })
  assert.deepEqual(await repository.setUp(), { code: 0, output: '' })
})

test('a lock file newer than what is installed is installed', async () => {
  using repository = new Repository()
  await repository.setUp()
  const soon = Date.now() / 1000 + 10
  utimesSync(join(repository.root, 'package-lock.json'), soon, soon)
  assert.match((await repository.setUp()).output, /installing/)
})

test('a failed installation stops the script and says what to do', async () => {
  using repository = new Repository()
  repository.write('refuse', '')
  const { code, output } = await repository.setUp()
  assert.equal(code, 1)
  assert.match(output, /npm ci failed: .* Mend it and run the same command again\./)
  assert.ok(!existsSync(join(repository.root, '.setup-lock')))
})

test('of several set-ups at once one installs, and the others wait for it', async () => {
  using repository = new Repository()
  const results = await Promise.all([repository.setUp(), repository.setUp(), repository.setUp()])
  assert.deepEqual(
    results.map(({ code }) => code),
    [0, 0, 0],
  )
  assert.equal(results.filter(({ output }) => output.includes('installing')).length, 1)
})

test('the lock of a set-up that died is taken over', async () => {
  using repository = new Repository()
  // No process has this number: it is above the largest that Linux gives.
  repository.write('.setup-lock/pid', '4194305')
  assert.deepEqual(await repository.setUp(), { code: 0, output: 'setup: installing packages (npm ci)…\n' })
})

test('an older Node with none installed beside it is refused, with what to do', async () => {
  using repository = new Repository()
  repository.write('bin/node', '#!/bin/sh\necho v20.20.2\n')
  chmodSync(join(repository.root, 'bin/node'), 0o755)
  const { code, output } = await repository.setUp()
  assert.equal(code, 1)
  assert.match(output, /Node 24 or newer is needed and v20\.20\.2 was found.*npm rebuild node/)
})
