import { setTimeout as pause } from 'node:timers/promises'
import { type Context, createContext, type Store } from '../db/index.ts'
import { type MailMessage, type MemoryMailer, OutboxEntry, type OutboxWorker } from '../mail/index.ts'

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
  /** Waits until the outbox is worked off, and gives all messages so far, the oldest first. */
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
    do await worker.workOff()
    while (await isAnythingDue(ctx))
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

/** Another server on the same database may have taken an entry: then it is waited for. */
async function isAnythingDue(ctx: Context): Promise<boolean> {
  const due = ctx
    .query(OutboxEntry)
    .filter({ done_at__isnull: true, failed_at__isnull: true, available_at__lte: new Date(ctx.store.clock.now()) })
  if (!(await due.exists())) return false
  await pause(10)
  return true
}

function sentMail(message: MailMessage): SentMail {
  const link = /https?:\/\/\S+/.exec(message.text)?.[0] ?? null
  const token = link === null ? null : new URL(link).searchParams.get('token')
  return { ...message, link, token, code: /^ *(\d{4,10})$/m.exec(message.text)?.[1] ?? null }
}
