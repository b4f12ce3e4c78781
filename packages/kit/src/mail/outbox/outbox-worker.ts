import { newId, type SecretBox } from '../../base/index.ts'
import { type Context, createContext, type Json, type Store } from '../../db/index.ts'
import type { Mailer } from '../message/mail-message.ts'
import type { MailTemplates } from '../templates/mail-templates.ts'
import { type Claimed, claimEntry, heldEntry } from './claims.ts'
import { MAIL_TOPIC, type Sender, sendMail } from './mail-topic.ts'
import { type OpenOutbox, OUTBOX_PURPOSE } from './outbox.ts'
import { OutboxEntry } from './outbox-entry.ts'
import { retryDelayMs } from './retry.ts'

/** Does the work of an entry, in the transaction that also marks it done: all of it happens, once, or it is tried again. */
export type OutboxHandler = (ctx: Context, payload: Json) => Promise<void>

export type OutboxHandlers = Readonly<Record<string, OutboxHandler>>

export interface OutboxLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface OutboxWorkerOptions {
  readonly store: Store
  readonly outbox: OpenOutbox
  readonly box: SecretBox
  readonly mailer: Mailer
  readonly templates: MailTemplates
  readonly settings: Sender
  /** By topic. Entries of other topics wait for a worker that knows them. */
  readonly handlers: OutboxHandlers
  readonly log: OutboxLog
  /** Messages that are sent, and handlers that run, at the same time. */
  readonly concurrency?: number
  /** How often it looks for what is due by itself: retries, and what other processes have added. */
  readonly pollMs?: number
  /** After which another worker takes over what this one has begun. Longer than any message takes. */
  readonly leaseMs?: number
}

/** Empties the outbox. Any number of them may work on one database. */
export interface OutboxWorker {
  /** Begins to work off what comes, until it is stopped. */
  start(): void
  /** Works off what is due now, and what comes of it, and tells how many entries were tried. */
  workOff(): Promise<number>
  /** Begins nothing any more, and waits for what was begun; what takes longer than `graceMs` is broken off. */
  stop(options?: { readonly graceMs?: number }): Promise<void>
}

const CONCURRENCY = 4
const POLL_MS = 3000
const LEASE_MS = 90_000
const GRACE_MS = 5000
const PRUNE_EVERY_MS = 3_600_000
const DONE_KEPT_MS = 7 * 86_400_000
const FAILED_KEPT_MS = 30 * 86_400_000

/** Makes a worker, which waits for `start` or `workOff`. */
export function createOutboxWorker(options: OutboxWorkerOptions): OutboxWorker {
  return new Worker(options)
}

class Worker implements OutboxWorker {
  readonly #options: OutboxWorkerOptions
  /** Messages that hang must not hold up the handlers, nor these the messages. */
  readonly #lanes: readonly Lane[]
  #timer: NodeJS.Timeout | null = null
  #unlisten = (): void => {}
  #isStopped = false
  #prunedAtMs = Number.NEGATIVE_INFINITY

  constructor(options: OutboxWorkerOptions) {
    this.#options = options
    const { concurrency = CONCURRENCY } = options
    const lane = (topics: readonly string[]): Lane => new Lane({ concurrency, step: () => this.#step(topics) })
    this.#lanes = [lane([MAIL_TOPIC]), lane(Object.keys(options.handlers))]
  }

  start(): void {
    if (this.#timer !== null || this.#isStopped) return
    const { outbox, pollMs = POLL_MS } = this.#options
    this.#unlisten = outbox.listen(() => this.#wake())
    this.#timer = setInterval(() => this.#wake(), pollMs).unref()
    this.#wake()
  }

  async workOff(): Promise<number> {
    let count = 0
    for (;;) {
      const tried = await Promise.all(this.#lanes.map((lane) => lane.run()))
      const sum = tried.reduce((total, number) => total + number, 0)
      if (sum === 0) return count
      count += sum
    }
  }

  async stop({ graceMs = GRACE_MS }: { readonly graceMs?: number } = {}): Promise<void> {
    this.#isStopped = true
    this.#unlisten()
    if (this.#timer) clearInterval(this.#timer)
    for (const lane of this.#lanes) lane.stop()
    const idle = Promise.all(this.#lanes.map((lane) => lane.whenIdle()))
    const deadline = setTimeout(() => void this.#options.mailer.close(), graceMs)
    await idle
    clearTimeout(deadline)
    await this.#options.mailer.close()
  }

  #wake(): void {
    for (const lane of this.#lanes) {
      lane.run().catch((err: unknown) => this.#options.log.error({ err }, 'the outbox could not be worked off'))
    }
    void this.#pruneNowAndThen()
  }

  /** Tries one entry; false: nothing is due. */
  async #step(topics: readonly string[]): Promise<boolean> {
    const { leaseMs = LEASE_MS } = this.#options
    const entry = await claimEntry(this.#context(null), { topics, leaseMs })
    if (entry === null) return false
    try {
      await this.#work(entry)
    } catch (error) {
      await this.#fail(entry, error)
    }
    return true
  }

  async #work(entry: Claimed): Promise<void> {
    const { box, handlers, mailer, templates, settings, log } = this.#options
    const payload: Json = JSON.parse(box.open(entry.sealed, OUTBOX_PURPOSE))
    const handler = entry.topic === MAIL_TOPIC ? undefined : handlers[entry.topic]
    if (handler) {
      await this.#context(entry.business).transaction(
        async (tx) => {
          // First of all: whoever comes later waits for this row, and finds the work done.
          if ((await heldEntry(tx, entry).update(doneValues(tx))) === 1) await handler(tx, payload)
        },
        { attempts: 3 },
      )
      return
    }
    const sent = await sendMail(payload, { id: entry.id, mailer, templates, sender: settings })
    await heldEntry(this.#context(null), entry).update(doneValues(this.#context(null)))
    log.info({ entry: entry.id, ...sent, attempts: entry.attempts }, 'mail sent')
  }

  async #fail(entry: Claimed, error: unknown): Promise<void> {
    const { store, log } = this.#options
    const nowMs = store.clock.now()
    const delayMs = retryDelayMs({ error, attempts: entry.attempts, createdAtMs: entry.createdAtMs, nowMs })
    const last_error = reasonOf(error)
    const told = { entry: entry.id, topic: entry.topic, attempts: entry.attempts, reason: last_error }
    const free = { claim: null, claimed_until: null, last_error }
    const outcome =
      delayMs === null ? { ...free, failed_at: new Date(nowMs) } : { ...free, available_at: new Date(nowMs + delayMs) }
    await heldEntry(this.#context(null), entry).update(outcome)
    if (delayMs === null) log.error(told, 'an outbox entry was given up')
    else log.warn({ ...told, retryInMs: delayMs }, 'an outbox entry failed and is tried again')
  }

  async #pruneNowAndThen(): Promise<void> {
    const { store, log } = this.#options
    const nowMs = store.clock.now()
    if (nowMs - this.#prunedAtMs < PRUNE_EVERY_MS) return
    this.#prunedAtMs = nowMs
    try {
      await pruneOutbox(this.#context(null))
    } catch (err) {
      log.error({ err }, 'the outbox could not be pruned')
    }
  }

  #context(business: string | null): Context {
    return createContext(this.#options.store, { actor: null, business, requestId: newId() })
  }
}

/** Removes what was done a week ago, or given up a month ago, and tells how many. */
export async function pruneOutbox(ctx: Context): Promise<number> {
  const nowMs = ctx.store.clock.now()
  const done = await ctx
    .query(OutboxEntry)
    .filter({ done_at__lt: new Date(nowMs - DONE_KEPT_MS) })
    .delete()
  const failed = await ctx
    .query(OutboxEntry)
    .filter({ failed_at__lt: new Date(nowMs - FAILED_KEPT_MS) })
    .delete()
  return done + failed
}

function doneValues(ctx: Context) {
  return {
    done_at: new Date(ctx.store.clock.now()),
    payload_sealed: null,
    claim: null,
    claimed_until: null,
    last_error: null,
  }
}

const LONGEST_REASON = 500

/** Why it failed, without what may be secret: of an unforeseen error its name, of a mail error its text, which is masked. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return text.slice(0, LONGEST_REASON)
}

interface LaneOptions {
  readonly concurrency: number
  /** Tries one entry; false: nothing is due. */
  readonly step: () => Promise<boolean>
}

/** Entries of one kind, some at a time. */
class Lane {
  readonly #options: LaneOptions
  readonly #running = new Set<Promise<number>>()
  #isStopped = false

  constructor(options: LaneOptions) {
    this.#options = options
  }

  stop(): void {
    this.#isStopped = true
  }

  async whenIdle(): Promise<void> {
    await Promise.allSettled(this.#running)
  }

  /** Works until nothing is due, and gives the number of entries that were tried meanwhile. */
  async run(): Promise<number> {
    if (this.#isStopped) return 0
    const free = this.#options.concurrency - this.#running.size
    for (let slot = 0; slot < free; slot++) this.#fill()
    const tried = await Promise.all(this.#running)
    return tried.reduce((total, number) => total + number, 0)
  }

  #fill(): void {
    const work = this.#workOff()
    this.#running.add(work)
    work.catch(() => {}).finally(() => this.#running.delete(work))
  }

  async #workOff(): Promise<number> {
    let count = 0
    while (!this.#isStopped && (await this.#options.step())) count++
    return count
  }
}
