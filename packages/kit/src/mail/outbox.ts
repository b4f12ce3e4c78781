import type { SecretBox } from '../base/index.ts'
import type { Context, Json } from '../db/index.ts'
import { OutboxEntry } from './outbox-entry.ts'

/** Work for the outbox: a message, or a request to look into. */
export interface NewOutboxEntry {
  /** Which handler takes it. */
  readonly topic: string
  readonly payload: Json
  /** How long it waits at the least. */
  readonly delayMs?: number
}

/** Takes down what is to be done once the transaction of `ctx` has committed. */
export interface Outbox {
  /** Writes an entry in the transaction of `ctx`. It is one insert, whatever becomes of the entry. */
  add(ctx: Context, entry: NewOutboxEntry): Promise<void>
}

/** Makes an outbox. `onAdded` is called after each commit, so that a worker need not wait for its next look. */
export function createOutbox({ box, onAdded = () => {} }: OutboxOptions): Outbox {
  return {
    add: async (ctx, { topic, payload, delayMs = 0 }) => {
      const nowMs = ctx.store.clock.now()
      await ctx.query(OutboxEntry).create({
        topic,
        payload_sealed: box.seal(JSON.stringify(payload), 'outbox'),
        business: ctx.business,
        created_at: new Date(nowMs),
        available_at: new Date(nowMs + delayMs),
      })
      await ctx.onCommit(onAdded)
    },
  }
}

export interface OutboxOptions {
  readonly box: SecretBox
  readonly onAdded?: () => void
}
