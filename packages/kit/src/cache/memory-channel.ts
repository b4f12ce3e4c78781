import { EventEmitter } from 'node:events'
import type { Channel, Unsubscribe } from './channel.ts'

/** A channel inside this process, for one node and for tests. */
export class MemoryChannel implements Channel {
  readonly isConnected = true
  readonly #listeners = new EventEmitter().setMaxListeners(0)

  async publish(topic: string, message: string): Promise<boolean> {
    // Later, as from a real one: a listener must not run inside the code that publishes.
    setImmediate(() => this.#listeners.emit(`topic:${topic}`, message))
    return true
  }

  async subscribe(topic: string, listener: (message: string) => void): Promise<Unsubscribe> {
    this.#listeners.on(`topic:${topic}`, listener)
    return () => this.#listeners.off(`topic:${topic}`, listener)
  }

  onReconnect(): Unsubscribe {
    return () => {}
  }

  async close(): Promise<void> {
    this.#listeners.removeAllListeners()
  }
}
