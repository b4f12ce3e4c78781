import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { it } from 'node:test'
import { stopGracefully } from './index.ts'
import { serve } from './test-server.ts'

const REQUEST = (path: string) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`

/** A server whose `/slow/` answers when told to, and a log of its closing hooks. */
async function serveSlow() {
  const answer = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const closed: string[] = []
  const api = await serve({
    checks: { database: async () => {} },
    routes: (server) => {
      server.get('/slow/', async () => {
        begun.resolve()
        await answer.promise
        return { ok: true }
      })
      server.addHook('onClose', async () => {
        closed.push('database')
      })
    },
  })
  return { ...api, answer, begun, closed }
}

function collect(socket: Socket): { text: string } {
  const seen = { text: '' }
  socket.on('data', (chunk) => {
    seen.text += chunk
  })
  socket.on('error', () => {})
  return seen
}

it('a stop lets a request in flight end, then closes its connection, then the database', async () => {
  const api = await serveSlow()
  const socket = await api.connect()
  const seen = collect(socket)
  const gone = once(socket, 'close')
  socket.write(REQUEST('/slow/'))
  await api.begun.promise
  const stopped = stopGracefully(api.server)
  assert.deepEqual(api.closed, [])
  api.answer.resolve()
  await stopped
  await gone
  assert.match(seen.text, /^HTTP\/1.1 200 .*\{"ok":true\}$/s)
  assert.deepEqual(api.closed, ['database'])
})

it('a stop accepts nothing new, and turns readiness to 503', async () => {
  const api = await serveSlow()
  const socket = await api.connect()
  const seen = collect(socket)
  const gone = once(socket, 'close')
  socket.write(REQUEST('/slow/'))
  await api.begun.promise
  const stopped = stopGracefully(api.server)
  await assert.rejects(fetch(`${api.url}/api/health/live/`))
  socket.write(REQUEST('/api/health/ready/'))
  api.answer.resolve()
  await stopped
  await gone
  assert.match(seen.text, /\{"ok":true\}HTTP\/1.1 503 .*"code":"service_unavailable"/s)
})

it('a stop closes connections that are idle, or on which nothing ever came, at once', async () => {
  const api = await serveSlow()
  const untouched = await api.connect()
  const idle = await api.connect()
  collect(untouched)
  const seen = collect(idle)
  idle.write(REQUEST('/api/health/live/'))
  while (seen.text === '') await once(idle, 'data')
  const gone = [once(untouched, 'close'), once(idle, 'close')]
  await stopGracefully(api.server, { drainMs: 60_000 })
  await Promise.all(gone)
})

it('a stop cuts off what has not ended when the time is over', async () => {
  const api = await serveSlow()
  const socket = await api.connect()
  collect(socket)
  const gone = once(socket, 'close')
  socket.write(REQUEST('/slow/'))
  await api.begun.promise
  await stopGracefully(api.server, { drainMs: 100 })
  await gone
  assert.deepEqual(api.closed, ['database'])
  api.answer.resolve()
})
