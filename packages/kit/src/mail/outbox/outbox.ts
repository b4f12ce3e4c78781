import type { SecretBox } from '../../base/index.ts'
import type { Context, Json } from '../../db/index.ts'
import { OutboxEntry } from './outbox-entry.ts'

/** For what the payload of an entry is sealed. */
export const OUTBOX_PURPOSE = 'outbox'

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

/** An outbox that tells a worker of the same process what was added, so that it need not wait for its next look. */
export interface OpenOutbox extends Outbox {
  /** Calls `onAdded` after each commit that added something. Gives what ends that. */
  listen(onAdded: () => void): () => void
}

/** Makes an outbox, one per process. */
export function createOutbox({ box }: OutboxOptions): OpenOutbox {
  const listeners = new Set<() => void>()
  const tell = (): void => {
    for (const onAdded of listeners) onAdded()
  }
  return {
    add: async (ctx, { topic, payload, delayMs = 0 }) => {
      const nowMs = ctx.store.clock.now()
      await ctx.query(OutboxEntry).create({
        topic,
        payload_sealed: box.seal(JSON.stringify(payload), OUTBOX_PURPOSE),
        business: ctx.business,
        created_at: new Date(nowMs),
        available_at: new Date(nowMs + delayMs),
      })
      await ctx.onCommit(tell)
    },
    listen: (onAdded) => {
      listeners.add(onAdded)
      return () => listeners.delete(onAdded)
    },
  }
}

export interface OutboxOptions {
  readonly box: SecretBox
}
