import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { it } from 'node:test'
import { text } from '../../fields/index.ts'
import { model } from '../../models/index.ts'
import { type Bench, onEachDatabase } from '../test-project.ts'
import { withMigrationLock } from './migration-lock.ts'

const Counter = model('counters.Counter', { scope: 'global', reason: 'test', fields: { name: text() } })

/** Migrates in a process of its own. */
const SCRIPT = `
  const [migrations, dialects, options, apps] = process.argv.slice(1)
  const { migrate } = await import(migrations)
  const { openDatabase } = await import(dialects)
  const database = await openDatabase(JSON.parse(options))
  await migrate({ database, apps: JSON.parse(apps), onProgress: (text) => process.stdout.write(text) })
  await database.close()`

interface Run {
  readonly code: number | null
  readonly output: string
}

interface StartedRun {
  /** Settles when it has begun to wait for its turn. */
  readonly waits: Promise<void>
  readonly ends: Promise<Run>
}

function startElsewhere({ project, test }: Bench): StartedRun {
  const door = (path: string): string => new URL(path, import.meta.url).href
  const args = [
    door('../index.ts'),
    door('../../dialects/index.ts'),
    JSON.stringify(test.options),
    JSON.stringify(project.apps.map((app) => ({ ...app, models: [] }))),
  ]
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const waiting = Promise.withResolvers<void>()
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk
    if (output.includes('Waiting for another process')) waiting.resolve()
  })
  const ends = once(child, 'close').then(([code]): Run => ({ code, output }))
  ends.then(({ output: all }) => waiting.reject(new Error(`It ended without waiting:\n${all}`))).catch(() => {})
  waiting.promise.catch(() => {})
  return { waits: waiting.promise, ends }
}

onEachDatabase('the lock of migrations', (withBench) => {
  it(
    'lets eight processes that start at once run each migration once',
    withBench(async (bench) => {
      const { project, database, run } = bench
      await project.declare(Counter).make()
      for (const number of [2, 3, 4]) {
        const before = number === 2 ? '0001_initial' : `000${number - 1}_slow`
        // Long enough for both to be in it, if nothing kept them out.
        const script = `runScript(async ({ database }) => {
          await new Promise((resolve) => setTimeout(resolve, 150))
          await database.execute({ sql: "insert into counters_counter (id, name) values ('0198f3a0-5b7c-7d2e-8f10-3c5a9e1b2d4${number}', 'once')" })
        })`
        const options = `dependencies: [['counters', '${before}']], operations: [${script}]`
        await project.write('counters', `000${number}_slow`, { imports: ['runScript'], options })
      }
      // They are let go together, once all of them are there.
      const started = await withMigrationLock(database, { timeoutMs: 0, onWait: () => {} }, async () => {
        const processes = Array.from({ length: 8 }, () => startElsewhere(bench))
        await Promise.all(processes.map(({ waits }) => waits))
        return processes
      })
      const runs = await Promise.all(started.map(({ ends }) => ends))
      assert.deepEqual(new Set(runs.map(({ code }) => code)), new Set([0]))
      const outputs = runs.map(({ output }) => output)
      const [busy, ...others] = outputs.filter((output) => output.includes('Applying'))
      assert.equal(busy?.match(/\.\.\. OK/g)?.length, 4)
      assert.deepEqual(others, [])
      assert.equal(outputs.filter((output) => output.includes('No migrations to apply')).length, 7)
      assert.deepEqual((await run('select count(*) from counters_counter')).map(String), ['3'])
    }),
  )

  it(
    'refuses after the time that it is given, and is free again when the holder is done',
    withBench(async ({ project, database, test }) => {
      await project.declare(Counter).make()
      let hasWaited = false
      const options = {
        timeoutMs: 0,
        onWait: () => {
          hasWaited = true
        },
      }
      await withMigrationLock(database, options, async () => {
        await assert.rejects(project.migrate(database, { lockTimeoutMs: 0 }), /Another process has been migrating/)
      })
      assert.equal(hasWaited, false)
      await project.migrate(database, { lockTimeoutMs: 0 })
      assert.equal(existsSync(`${test.options.name}-migrating`), false)
    }),
  )

  it(
    'dies with the process that held it',
    withBench(async (bench) => {
      const { project, database } = bench
      await project.declare(Counter).make()
      const options = `dependencies: [['counters', '0001_initial']], operations: [runScript(() => process.kill(process.pid, 'SIGKILL'))]`
      await project.write('counters', '0002_killed', { imports: ['runScript'], options })
      const { code } = await startElsewhere(bench).ends
      assert.equal(code, null)
      await project.migrate(database, { target: { app: 'counters', name: '0001' } })
    }),
  )
})
