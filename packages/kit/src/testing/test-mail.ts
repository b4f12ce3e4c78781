import { setTimeout as pause } from 'node:timers/promises'
import { type Context, createContext, type Store } from '../db/index.ts'
import { type MailMessage, type MemoryMailer, OutboxEntry, type OutboxWorker } from '../mail/index.ts'

const LOOK_EVERY_MS = 10
const LONGEST_WAIT_MS = 10_000

/** A message as a test looks at it. */
export interface SentMail extends MailMessage {
  /** The first link of its text; null: there is none. */
  readonly link: string | null
  /** The `token` of that link. */
  readonly token: string | null
  /** A code of digits that stands on a line of its own. */
  readonly code: string | null
}

/** What a project has sent. */
export interface TestMail {
  /**
   * Waits until the outbox is worked off, and gives all messages so far, the oldest first.
   *
   * @throws {Error} if there is an entry of a topic that no worker takes
   */
  settle(): Promise<readonly SentMail[]>
  /** The same, of one receiver, in whatever case the address is written. */
  to(address: string): Promise<readonly SentMail[]>
  /** The latest to one receiver, of one template if it is given. @throws {Error} if there is none */
  last(address: string, template?: string): Promise<SentMail>
}

export interface TestMailParts {
  readonly store: Store
  readonly worker: OutboxWorker
  readonly mailer: MemoryMailer
}

export function createTestMail({ store, worker, mailer }: TestMailParts): TestMail {
  const ctx = createContext(store, { actor: null, business: null, requestId: 'test' })
  const settle = async (): Promise<readonly SentMail[]> => {
    let waitedMs = 0
    do {
      waitedMs = (await worker.workOff()) > 0 ? 0 : waitedMs + LOOK_EVERY_MS
    } while (await isAnythingDue(ctx, waitedMs))
    return mailer.messages.map(sentMail)
  }
  const to = async (address: string): Promise<readonly SentMail[]> =>
    (await settle()).filter((message) => message.to.toLowerCase() === address.toLowerCase())
  const last = async (address: string, template?: string): Promise<SentMail> => {
    const messages = await to(address)
    const found = messages.findLast((message) => template === undefined || message.template === template)
    if (found) return found
    const others = messages.map((message) => message.template).join(', ') || 'nothing'
    throw new Error(`No message ${template ?? ''} was sent to ${address}, but ${others}`)
  }
  return { settle, to, last }
}

/** Another server on the same database may have taken an entry: then it is waited for. @throws {Error} if nobody takes it */
async function isAnythingDue(ctx: Context, waitedMs: number): Promise<boolean> {
  const due = ctx
    .query(OutboxEntry)
    .filter({ done_at__isnull: true, failed_at__isnull: true, available_at__lte: new Date(ctx.store.clock.now()) })
  const entry = await due.first()
  if (entry === null) return false
  if (waitedMs > LONGEST_WAIT_MS) throw new Error(`Nobody takes the outbox entry of the topic ${entry.topic}`)
  await pause(LOOK_EVERY_MS)
  return true
}

function sentMail(message: MailMessage): SentMail {
  const link = /https?:\/\/\S+/.exec(message.text)?.[0] ?? null
  const token = link === null ? null : new URL(link).searchParams.get('token')
  return { ...message, link, token, code: /^ *(\d{4,10})$/m.exec(message.text)?.[1] ?? null }
}
