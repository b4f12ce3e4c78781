import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { describeCache } from './cache-contract.ts'
import { describeChannel } from './channel-contract.ts'
import { type Cache, type ConnectionLog, connectRedisCache, connectRedisChannel, globalKey } from './index.ts'

const REDIS_PORT = 6379
const silent: ConnectionLog = { info: () => {}, warn: () => {} }
const options = (url: string, log = silent) => ({ url, log, prefix: `test-${randomUUID()}:`, commandTimeoutMs: 200 })
const local = `redis://127.0.0.1:${REDIS_PORT}`

describeCache('Redis', () => connectRedisCache(options(local)))
describeChannel('Redis', () => connectRedisChannel(options(local)))

describe('a cache whose Redis is out of reach', () => {
  it('behaves as if it were empty where nothing listens', () => behavesEmpty('redis://127.0.0.1:1'))

  it('behaves as if it were empty where the server never answers', async () => {
    const mute = await listen(() => {})
    await behavesEmpty(`redis://127.0.0.1:${mute.port}`)
    await mute.close()
  })

  it('works again once Redis is back, and tells of each change once', async () => {
    const lines: string[] = []
    const log = {
      info: (message: string) => lines.push(message),
      warn: (_: unknown, message: string) => lines.push(message),
    }
    const gate = await openGate()
    const cache = await connectRedisCache(options(`redis://127.0.0.1:${gate.port}`, log))
    await cache.ping()
    await gate.shut()
    for (let attempt = 0; attempt < 5; attempt++) assert.equal(await cache.get(globalKey('a')), null)
    await assert.rejects(cache.ping())
    await gate.reopen()
    await until(async () => (await cache.increment(globalKey('a'), { ttlMs: 1000 })) !== null)
    assert.deepEqual(lines, ['Redis is out of reach', 'Redis is back'])
    await cache.close()
    await gate.shut()
  })
})

describe('a channel whose Redis goes away', () => {
  it('says so, and tells when messages may have been missed', async () => {
    const gate = await openGate()
    const channel = await connectRedisChannel(options(`redis://127.0.0.1:${gate.port}`))
    const messages: string[] = []
    let reconnects = 0
    channel.onReconnect(() => reconnects++)
    await channel.subscribe('revoked', (message) => messages.push(message))
    await gate.shut()
    await until(async () => !channel.isConnected)
    assert.equal(await channel.publish('revoked', 'lost'), false)
    await gate.reopen()
    await until(async () => channel.isConnected)
    assert.equal(reconnects, 1)
    await until(() => channel.publish('revoked', 'arrives'))
    await until(async () => messages.includes('arrives'))
    assert.ok(!messages.includes('lost'))
    await channel.close()
    await gate.shut()
  })

  it('notices a connection that has gone silent', async () => {
    const gate = await openGate()
    const channel = await connectRedisChannel(options(`redis://127.0.0.1:${gate.port}`))
    gate.goSilent()
    await until(async () => !channel.isConnected)
    await channel.close()
    await gate.shut()
  })
})

async function behavesEmpty(url: string): Promise<void> {
  const cache: Cache = await connectRedisCache(options(url))
  const key = globalKey('a')
  assert.equal(await cache.get(key), null)
  assert.equal(await cache.set(key, 'x', { ttlMs: 1000 }), undefined)
  assert.equal(await cache.add(key, 'x', { ttlMs: 1000 }), false)
  assert.equal(await cache.increment(key, { ttlMs: 1000 }), null)
  assert.equal(await cache.delete(key), undefined)
  await assert.rejects(cache.ping())
  await cache.close()
}

async function until(isReached: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; !(await isReached()); attempt++) {
    assert.ok(attempt < 1000, 'it did not come about')
    await setTimeout(10)
  }
}

/** A door before the real Redis, which the test can shut, open again and let go silent. */
async function openGate() {
  const inner: Socket[] = []
  const gate = await listen((outer) => {
    const redis = connect(REDIS_PORT, '127.0.0.1')
    inner.push(redis)
    redis.on('error', () => {})
    outer.on('close', () => redis.destroy())
    outer.pipe(redis).pipe(outer)
  })
  return {
    port: gate.port,
    goSilent: () => {
      for (const redis of inner) redis.pause().unpipe()
    },
    shut: gate.close,
    reopen: () => gate.open(gate.port),
  }
}

async function listen(onConnection: (socket: Socket) => void) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    onConnection(socket)
  })
  const open = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    assert.ok(address !== null && typeof address === 'object')
    return address.port
  }
  const close = async () => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  return { port: await open(0), open, close }
}
