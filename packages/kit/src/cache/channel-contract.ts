import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Channel } from './channel.ts'

/** What every driver of the channel must do. */
export function describeChannel(name: string, open: () => Promise<Channel>): void {
  describe(`the channel contract on ${name}`, () => {
    let channel: Channel
    before(async () => {
      channel = await open()
    })
    after(() => channel.close())

    it('is connected', () => assert.equal(channel.isConnected, true))

    it('brings a message to every listener of its topic, the sender included, and to no other', async () => {
      const others: string[] = []
      await channel.subscribe('other', (message) => others.push(message))
      const first = await nextMessage(channel, 'revoked')
      const second = await nextMessage(channel, 'revoked')
      assert.equal(await channel.publish('revoked', 'session-1'), true)
      assert.deepEqual(await Promise.all([first.message, second.message]), ['session-1', 'session-1'])
      assert.deepEqual(others, [])
    })

    it('brings messages in the order they were sent', async () => {
      const seen: string[] = []
      const { promise, resolve } = Promise.withResolvers<void>()
      await channel.subscribe('order', (message) => {
        if (seen.push(message) === 3) resolve()
      })
      for (const message of ['a', 'b', 'c']) await channel.publish('order', message)
      await promise
      assert.deepEqual(seen, ['a', 'b', 'c'])
    })

    it('brings nothing more once unsubscribed', async () => {
      const gone = await nextMessage(channel, 'stop')
      gone.unsubscribe()
      const still = await nextMessage(channel, 'stop')
      await channel.publish('stop', 'x')
      await still.message
      assert.equal(gone.count(), 0)
    })
  })
}

async function nextMessage(channel: Channel, topic: string) {
  const { promise: message, resolve } = Promise.withResolvers<string>()
  let count = 0
  const unsubscribe = await channel.subscribe(topic, (text) => {
    count += 1
    resolve(text)
  })
  return { message, unsubscribe, count: () => count }
}
