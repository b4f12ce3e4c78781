import { type Clock, isId, newId } from '../../base/index.ts'
import type { Channel, Unsubscribe } from '../../cache/index.ts'
import { type Context, createContext, type Store } from '../../db/index.ts'
import { flushRevocations, REVOCATION_KINDS, Revocation, type Revoked, recordRevocation } from './revocation.ts'

export interface RevocationFeedOptions {
  readonly store: Store
  readonly clock: Clock
  readonly channel: Channel
  /** Called for each revocation, of this node or another, at least once. */
  readonly onRevoked: (revoked: Revoked) => void
  /** Called when revocations may have been missed. */
  readonly onGap: () => void
}

const TOPIC = 'revoked'
const READ_EVERY_MS = 500
/** How long a transaction may take from writing a revocation to its commit. */
const OVERLAP_MS = 30_000
/** Silence after which the node begins anew instead of reading all that it missed. */
const LONGEST_SILENCE_MS = 60_000
/** Revocations that old, by the clock of whichever node wrote them, need not be read by a node that begins. */
const OLD_MS = 10 * 60_000
const PRUNE_EVERY_MS = 3_600_000

interface Mark {
  readonly id: bigint
  readonly seenAtMs: number
}

/**
 * Brings revocations to every node within a second. The channel brings them at once; the table makes sure, whatever
 * becomes of the channel: before a node trusts its memory it has read the table within the last half second.
 *
 * Ids rise in the order in which revocations are written, but not in that of their commits. So a node goes on reading
 * from an id until it has known a higher one for 30 s: what was written before that one is committed by then. This needs
 * no clock that nodes and database agree on.
 */
export class RevocationFeed {
  readonly #options: RevocationFeedOptions
  readonly #seen = new Set<bigint>()
  #marks: Mark[] = []
  /** Nothing up to this id is read again. */
  #floor: bigint | null = null
  #readAtMs = Number.NEGATIVE_INFINITY
  #prunedAtMs = Number.NEGATIVE_INFINITY
  #reading: Promise<void> | null = null
  #unsubscribe: Unsubscribe = () => {}

  constructor(options: RevocationFeedOptions) {
    this.#options = options
  }

  async open(): Promise<void> {
    const { channel, onRevoked } = this.#options
    this.#unsubscribe = await channel.subscribe(TOPIC, (message) => {
      const revoked = parseMessage(message)
      if (revoked) onRevoked(revoked)
    })
  }

  close(): void {
    this.#unsubscribe()
  }

  /** Writes a revocation in the transaction of `ctx`; nodes hear of it once that has committed. */
  async record(ctx: Context, revoked: Revoked): Promise<void> {
    const { channel, onRevoked } = this.#options
    await recordRevocation(ctx, revoked)
    await ctx.onCommit(async () => {
      onRevoked(revoked)
      await channel.publish(TOPIC, `${revoked.kind} ${revoked.key}`)
    })
  }

  /** Settles when everything is known that had been committed half a second ago. */
  async catchUp(): Promise<void> {
    const elapsedMs = this.#options.clock.now() - this.#readAtMs
    // A clock that was set back must not keep the node from reading.
    if (elapsedMs >= 0 && elapsedMs < READ_EVERY_MS) return
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null
    })
    await this.#reading
  }

  async #read(): Promise<void> {
    const nowMs = this.#options.clock.now()
    const silenceMs = nowMs - this.#readAtMs
    const ctx = createContext(this.#options.store, { actor: null, business: null, requestId: newId() })
    if (this.#floor === null || silenceMs < 0 || silenceMs > LONGEST_SILENCE_MS) await this.#begin(ctx, nowMs)
    const rows = await ctx
      .query(Revocation)
      .filter({ id__gt: this.#floor ?? 0n })
      .orderBy('id')
      .all()
    for (const { id, kind, key } of rows) {
      if (this.#seen.has(id)) continue
      this.#seen.add(id)
      this.#options.onRevoked({ kind, key })
    }
    this.#moveFloor(rows.at(-1)?.id ?? 0n, nowMs)
    await this.#prune(ctx, nowMs)
    // The moment when reading began: what was committed later may have been missed.
    this.#readAtMs = nowMs
  }

  async #begin(ctx: Context, nowMs: number): Promise<void> {
    const old = new Date(nowMs - OLD_MS)
    const last = await ctx.query(Revocation).filter({ at__lt: old }).orderBy('-id').first()
    this.#floor = last?.id ?? 0n
    this.#marks = []
    this.#seen.clear()
    this.#options.onGap()
  }

  #moveFloor(highest: bigint, nowMs: number): void {
    if (highest > (this.#marks.at(-1)?.id ?? 0n)) this.#marks.push({ id: highest, seenAtMs: nowMs })
    const settled = this.#marks.findLastIndex(({ seenAtMs }) => seenAtMs <= nowMs - OVERLAP_MS)
    const mark = this.#marks[settled]
    if (mark === undefined) return
    this.#floor = mark.id
    this.#marks.splice(0, settled + 1)
    for (const id of this.#seen) if (id <= mark.id) this.#seen.delete(id)
  }

  async #prune(ctx: Context, nowMs: number): Promise<void> {
    if (nowMs - this.#prunedAtMs < PRUNE_EVERY_MS) return
    this.#prunedAtMs = nowMs
    await flushRevocations(ctx)
  }
}

function parseMessage(message: string): Revoked | null {
  const [word, key] = message.split(' ')
  const kind = REVOCATION_KINDS.find((each) => each === word)
  return kind !== undefined && isId(key) ? { kind, key } : null
}
