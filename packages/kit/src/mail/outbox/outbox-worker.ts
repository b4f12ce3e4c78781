import { claimEntry } from './claims.ts'
import { Lane, type Work } from './lane.ts'
import { MAIL_TOPIC, type Sender } from './mail-topic.ts'
import type { OpenOutbox } from './outbox.ts'
import { pruneOutbox } from './prune-outbox.ts'
import { outboxContext, type WorkParts, workEntry } from './work-entry.ts'

export interface OutboxWorkerOptions extends WorkParts {
  readonly settings: Sender & {
    /** Of each step of SMTP. */
    readonly timeoutMs: number
  }
  readonly outbox: OpenOutbox
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
  /** Begins nothing any more, and waits for what was begun; messages that take longer than `graceMs` are broken off. */
  stop(options?: { readonly graceMs?: number }): Promise<void>
}

const CONCURRENCY = 4
/** More or less: how long what was added waits for a look. */
const SOON_MS = 100
const POLL_MS = 3000
const GRACE_MS = 5000
/** For handlers and the database to come to an end in, once messages were broken off. */
const LAST_WAIT_MS = 2000
const PRUNE_EVERY_MS = 3_600_000
/** How many time limits a message may take, with some to spare: see `SmtpMailer`. */
const LEASE_IN_TIMEOUTS = 6
const SHORTEST_LEASE_MS = 60_000

/**
 * Makes a worker, which waits for `start` or `workOff`. It takes entries one by one for the time of a lease, so that what
 * a process was at when it died is taken over by another. Messages go out at least once: twice only if a process dies, or
 * loses its database, between the server's last answer and noting it, and then with the same `Message-ID`.
 */
export function createOutboxWorker(options: OutboxWorkerOptions): OutboxWorker {
  if (Object.hasOwn(options.handlers, MAIL_TOPIC))
    throw new TypeError('The worker itself sends what is of the topic mail')
  return new Worker(options)
}

class Worker implements OutboxWorker {
  readonly #options: OutboxWorkerOptions
  readonly #leaseMs: number
  /** Messages that hang must not hold up the handlers, nor these the messages. */
  readonly #lanes: readonly Lane[]
  #timer: NodeJS.Timeout | null = null
  #soon: NodeJS.Timeout | null = null
  #unlisten = (): void => {}
  #isStopped = false
  #isFailing = false
  #prunedAtMs = Number.NEGATIVE_INFINITY

  constructor(options: OutboxWorkerOptions) {
    this.#options = options
    const { concurrency = CONCURRENCY, settings, handlers } = options
    this.#leaseMs = options.leaseMs ?? Math.max(SHORTEST_LEASE_MS, settings.timeoutMs * LEASE_IN_TIMEOUTS)
    // Entries of a topic that nobody here knows wait for a worker that does: a newer one, while servers are replaced.
    this.#lanes = [[MAIL_TOPIC], Object.keys(handlers)].map(
      (topics) => new Lane({ concurrency, take: () => this.#take(topics) }),
    )
  }

  start(): void {
    if (this.#timer !== null || this.#isStopped) return
    const { outbox, pollMs = POLL_MS } = this.#options
    this.#unlisten = outbox.listen(() => this.#lookUpSoon())
    this.#timer = setInterval(() => void this.#lookUp(), pollMs).unref()
    void this.#lookUp()
  }

  /**
   * Not at once: the answer to whoever asked goes first. Else it would wait for a part of the work, and how long that is
   * tells what it was about, such as whether an address has an account.
   */
  #lookUpSoon(): void {
    if (this.#soon !== null || this.#isStopped) return
    const soon = setTimeout(
      () => {
        this.#soon = null
        void this.#lookUp()
      },
      SOON_MS * (0.5 + Math.random()),
    )
    this.#soon = soon.unref()
  }

  async workOff(): Promise<number> {
    for (let count = 0; ; ) {
      const tried = await this.#runLanes()
      if (tried === 0) return count
      count += tried
    }
  }

  async stop({ graceMs = GRACE_MS }: { readonly graceMs?: number } = {}): Promise<void> {
    const { mailer } = this.#options
    this.#isStopped = true
    this.#unlisten()
    if (this.#timer) clearInterval(this.#timer)
    if (this.#soon) clearTimeout(this.#soon)
    for (const lane of this.#lanes) lane.stop()
    const idle = Promise.all(this.#lanes.map((lane) => lane.whenIdle()))
    if (!(await isWithin(idle, graceMs))) {
      await mailer.close()
      await isWithin(idle, LAST_WAIT_MS)
    }
    await mailer.close()
  }

  async #runLanes(): Promise<number> {
    const tried = await Promise.all(this.#lanes.map((lane) => lane.run()))
    return tried.reduce((sum, number) => sum + number, 0)
  }

  /** Fails only if the database does: that is told once, and not at every look. */
  async #lookUp(): Promise<void> {
    const { log } = this.#options
    try {
      await this.#runLanes()
      await this.#pruneNowAndThen()
      if (this.#isFailing) log.info({}, 'the outbox is worked off again')
      this.#isFailing = false
    } catch (err) {
      if (this.#isFailing || this.#isStopped) return
      this.#isFailing = true
      log.error({ err }, 'the outbox cannot be worked off: what is in it waits')
    }
  }

  async #take(topics: readonly string[]): Promise<Work | null> {
    const entry = await claimEntry(outboxContext(this.#options.store), { topics, leaseMs: this.#leaseMs })
    return entry && (() => workEntry(entry, this.#options))
  }

  async #pruneNowAndThen(): Promise<void> {
    const { store } = this.#options
    const nowMs = store.clock.now()
    if (nowMs - this.#prunedAtMs < PRUNE_EVERY_MS) return
    this.#prunedAtMs = nowMs
    await pruneOutbox(outboxContext(store))
  }
}

/** Whether `work` settles in that time. */
async function isWithin(work: Promise<unknown>, timeMs: number): Promise<boolean> {
  const { promise: tooLate, resolve } = Promise.withResolvers<false>()
  const timer = setTimeout(() => resolve(false), timeMs)
  try {
    return await Promise.race([work.then(() => true as const), tooLate])
  } finally {
    clearTimeout(timer)
  }
}
