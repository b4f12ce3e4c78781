import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { findFencedBlocks } from './find-examples.ts'

const ROOT = join(import.meta.dirname, '..')
const MARK = '---- next ----'

describe('the tour of the README', () => {
  let folder: string
  let origin: string
  let stop: () => Promise<void>
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bailiwick-readme-'))
    const port = await freePort()
    origin = `http://127.0.0.1:${port}`
    stop = await serveDemo({
      DEBUG: 'true',
      PORT: String(port),
      DB_NAME: join(folder, 'db.sqlite3'),
      LOG_LEVEL: 'warn',
    })
  })
  after(async () => {
    await stop()
    await rm(folder, { recursive: true })
  })

  test('answers as it says', async () => {
    const steps = await tour()
    const outputs = await runAll(steps.map(({ script }) => script.replaceAll('http://127.0.0.1:8000', origin)))
    assert.ok(steps.some(({ answer }) => answer !== null))
    steps.forEach(({ script, answer }, at) => {
      if (answer === null) return
      const output = JSON.parse((outputs[at] ?? '').replaceAll(origin, 'http://127.0.0.1:8000'))
      assert.deepEqual(withoutChance(output), withoutChance(JSON.parse(answer)), script)
    })
  })
})

interface Step {
  readonly script: string
  /** What the next block of the README says it answers. */
  readonly answer: string | null
}

async function tour(): Promise<Step[]> {
  const blocks = findFencedBlocks(await readFile(join(ROOT, 'README.md'), 'utf8'))
  return blocks.flatMap(({ language, info, code }, at) => {
    if (language !== 'sh' || info === 'setup') return []
    const next = blocks[at + 1]
    return [{ script: code, answer: next?.language === 'json' ? next.code : null }]
  })
}

/** Runs the steps in one shell, so that variables stay, and gives what each printed. */
async function runAll(scripts: readonly string[]): Promise<string[]> {
  const shell = spawn('bash', ['-eu'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const output: string[] = []
  shell.stdout.on('data', (part) => output.push(String(part)))
  shell.stdin.end(scripts.join(`\necho; echo '${MARK}'\n`))
  const [code] = await once(shell, 'close')
  assert.equal(code, 0, output.join(''))
  return output.join('').split(MARK)
}

/** What differs from run to run: ids, moments, and the number of a request. */
function withoutChance(value: unknown): unknown {
  const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
  const moment = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/
  return JSON.parse(JSON.stringify(value), (_key, item) => {
    if (typeof item !== 'string') return item
    return uuid.test(item) ? 'some id' : moment.test(item) ? 'some moment' : item
  })
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new TypeError('The probe has no port')
  return address.port
}

async function serveDemo(environment: Readonly<Record<string, string>>): Promise<() => Promise<void>> {
  const manage = join(ROOT, 'backend', 'manage.ts')
  const server = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', manage, 'demo', '--serve'], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const stop = async (): Promise<void> => {
    if (server.exitCode !== null) return
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
  const origin = `http://127.0.0.1:${environment.PORT}`
  for (let attempt = 0; attempt < 100; attempt++) {
    const isReady = await fetch(`${origin}/api/health/ready/`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return stop
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await stop()
  throw new Error('The demo did not get ready')
}
