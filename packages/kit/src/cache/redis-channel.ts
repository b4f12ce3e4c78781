import { EventEmitter } from 'node:events'
import type { Redis } from 'ioredis'
import type { Channel, Unsubscribe } from './channel.ts'
import { connectRedis, DEFAULT_PREFIX, disconnectRedis, type RedisOptions } from './redis-connection.ts'

const HEARTBEAT_MS = 1000

/** A channel between all nodes. Settles when Redis answers, or when it is known to be out of reach. */
export async function connectRedisChannel(options: RedisOptions): Promise<Channel> {
  // Two connections: one that has subscribed may send nothing else.
  const [publisher, subscriber] = await Promise.all([connectRedis(options), connectRedis(options)])
  return new RedisChannel(publisher, subscriber, options.prefix ?? DEFAULT_PREFIX)
}

class RedisChannel implements Channel {
  readonly #publisher: Redis
  readonly #subscriber: Redis
  readonly #prefix: string
  readonly #listeners = new EventEmitter().setMaxListeners(0)
  readonly #subscribed = new Map<string, Promise<unknown>>()
  readonly #heartbeat: NodeJS.Timeout
  #isConnected: boolean

  constructor(publisher: Redis, subscriber: Redis, prefix: string) {
    this.#publisher = publisher
    this.#subscriber = subscriber
    this.#prefix = prefix
    this.#isConnected = subscriber.status === 'ready'
    subscriber.on('message', (topic, message) => this.#listeners.emit(`topic:${topic}`, message))
    subscriber.on('close', () => {
      this.#isConnected = false
    })
    subscriber.on('ready', () => this.#resubscribe())
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS).unref()
  }

  get isConnected(): boolean {
    return this.#isConnected
  }

  async publish(topic: string, message: string): Promise<boolean> {
    const reached = await this.#publisher.publish(this.#prefix + topic, message).catch(() => null)
    return reached !== null
  }

  async subscribe(topic: string, listener: (message: string) => void): Promise<Unsubscribe> {
    const name = this.#prefix + topic
    this.#listeners.on(`topic:${name}`, listener)
    const subscribed = this.#subscribed.get(name) ?? this.#subscriber.subscribe(name).catch(() => this.#reconnect())
    this.#subscribed.set(name, subscribed)
    await subscribed
    return () => this.#listeners.off(`topic:${name}`, listener)
  }

  onReconnect(listener: () => void): Unsubscribe {
    this.#listeners.on('reconnect', listener)
    return () => this.#listeners.off('reconnect', listener)
  }

  async close(): Promise<void> {
    clearInterval(this.#heartbeat)
    this.#listeners.removeAllListeners()
    await Promise.all([disconnectRedis(this.#publisher), disconnectRedis(this.#subscriber)])
  }

  async #resubscribe(): Promise<void> {
    try {
      if (this.#subscribed.size > 0) await this.#subscriber.subscribe(...this.#subscribed.keys())
      this.#isConnected = true
      this.#listeners.emit('reconnect')
    } catch {
      this.#reconnect()
    }
  }

  /** A cable that was pulled says nothing: without this, a dead connection would count as a quiet one. */
  async #beat(): Promise<void> {
    if (this.#isConnected) await this.#subscriber.ping().catch(() => this.#reconnect())
  }

  #reconnect(): void {
    this.#isConnected = false
    if (this.#subscriber.status === 'ready') this.#subscriber.disconnect(true)
  }
}
