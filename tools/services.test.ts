import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { findServices, type Service } from './services.ts'

/** An address where nothing listens: its port was free a moment ago. */
async function withPort(use: (port: number) => Promise<void>, { open }: { open: boolean }): Promise<void> {
  const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  const close = () => new Promise((closed) => server.close(closed))
  if (!open) await close()
  try {
    await use(address.port)
  } finally {
    if (open) await close()
  }
}

function serviceAt(usual: string): Service {
  return { name: 'Thing', variable: 'TEST_THING_URL', usual, remedy: 'start it, or name another' }
}

test('a service that listens at its usual address is found, and its tests are told where', async () => {
  await withPort(
    async (port) => {
      const usual = `redis://127.0.0.1:${port}`
      const found = await findServices({}, [serviceAt(usual)])
      assert.deepEqual(found, { environment: { TEST_THING_URL: usual }, missing: [] })
    },
    { open: true },
  )
})

test('the variable wins over the usual address', async () => {
  await withPort(
    async (port) => {
      const url = `redis://127.0.0.1:${port}`
      const found = await findServices({ TEST_THING_URL: url }, [serviceAt('redis://127.0.0.1:1')])
      assert.equal(found.environment.TEST_THING_URL, url)
    },
    { open: true },
  )
})

test('a missing service has one line that shows no password, and an empty variable', async () => {
  await withPort(
    async (port) => {
      const found = await findServices({}, [serviceAt(`redis://me:secret@127.0.0.1:${port}`)])
      assert.deepEqual(found.environment, { TEST_THING_URL: '' })
      assert.deepEqual(found.missing, [
        `!! Thing is not at redis://me@127.0.0.1:${port}: its tests are SKIPPED. To run them, start it, or name another by TEST_THING_URL.`,
      ])
    },
    { open: false },
  )
})

test('a program is found by its path', async () => {
  assert.deepEqual((await findServices({}, [serviceAt(process.execPath)])).missing, [])
  assert.equal((await findServices({}, [serviceAt('/nowhere/chromium')])).missing.length, 1)
})
