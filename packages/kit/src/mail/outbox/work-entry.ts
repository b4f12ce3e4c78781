import { newId, type SecretBox } from '../../base/index.ts'
import { type Context, createContext, type Json, type Store } from '../../db/index.ts'
import { MailError } from '../message/mail-error.ts'
import type { Mailer } from '../message/mail-message.ts'
import { maskAddresses } from '../message/mask-address.ts'
import type { MailTemplates } from '../templates/mail-templates.ts'
import { type Claimed, heldEntry } from './claims.ts'
import { MAIL_TOPIC, type Sender, sendMail } from './mail-topic.ts'
import { OUTBOX_PURPOSE } from './outbox.ts'
import type { OutboxHandlers } from './outbox-handler.ts'
import { retryDelayMs } from './retry.ts'

export interface OutboxLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** What it takes to do the work of an entry. */
export interface WorkParts {
  readonly store: Store
  readonly box: SecretBox
  readonly mailer: Mailer
  readonly templates: MailTemplates
  readonly settings: Sender
  readonly handlers: OutboxHandlers
  readonly log: OutboxLog
}

/** Does the work of an entry, and notes what came of it. Only the database may make it throw. */
export async function workEntry(entry: Claimed, parts: WorkParts): Promise<void> {
  try {
    const payload: Json = JSON.parse(parts.box.open(entry.sealed, OUTBOX_PURPOSE))
    if (entry.topic === MAIL_TOPIC) await deliver(entry, payload, parts)
    else await runHandler(entry, payload, parts)
  } catch (error) {
    await noteFailure(entry, error, parts)
  }
}

/** Outside any transaction: a server that hangs must not hold rows, nor the one writer of SQLite. */
async function deliver(entry: Claimed, payload: Json, parts: WorkParts): Promise<void> {
  const { store, mailer, templates, settings, log } = parts
  const sent = await sendMail(payload, { id: entry.id, mailer, templates, sender: settings })
  const ctx = outboxContext(store)
  const noted = await heldEntry(ctx, entry).update(doneValues(ctx))
  log.info({ entry: entry.id, ...sent, attempts: entry.attempts }, 'mail sent')
  if (noted === 0) log.warn({ entry: entry.id }, 'a mail took longer than its lease: it may be sent twice')
}

async function runHandler(entry: Claimed, payload: Json, { store, handlers }: WorkParts): Promise<void> {
  const handler = Object.hasOwn(handlers, entry.topic) ? handlers[entry.topic] : undefined
  if (!handler) throw new TypeError(`There is no handler of the topic ${entry.topic}`)
  await outboxContext(store, entry.business).transaction(
    async (tx) => {
      // First of all: whoever comes later waits for this row, and finds the work done.
      if ((await heldEntry(tx, entry).update(doneValues(tx))) === 1) await handler(tx, payload)
    },
    { attempts: 3 },
  )
}

async function noteFailure(entry: Claimed, error: unknown, { store, log }: WorkParts): Promise<void> {
  const { id, topic, attempts, createdAtMs } = entry
  const nowMs = store.clock.now()
  const delayMs = retryDelayMs({ error, attempts, createdAtMs, nowMs })
  const reason = reasonOf(error)
  const next = delayMs === null ? { failed_at: new Date(nowMs) } : { available_at: new Date(nowMs + delayMs) }
  const noted = await heldEntry(outboxContext(store), entry).update({
    claim: null,
    claimed_until: null,
    last_error: reason,
    ...next,
  })
  // Where another worker has taken over, it tells what comes of the entry.
  if (noted === 0) return
  const told = { entry: id, topic, attempts, reason, ...stackOf(error) }
  if (delayMs === null) log.error(told, 'an outbox entry was given up')
  else log.warn({ ...told, retryInMs: delayMs }, 'an outbox entry failed and is tried again')
}

/** The context of the outbox itself: nobody's, in a business only for the handlers of its entries. */
export function outboxContext(store: Store, business: string | null = null): Context {
  return createContext(store, { actor: null, business, requestId: newId() })
}

function doneValues(ctx: Context) {
  return {
    done_at: new Date(ctx.store.clock.now()),
    // What it held, links and codes among it, is needed no more.
    payload_sealed: null,
    claim: null,
    claimed_until: null,
    last_error: null,
  }
}

const LONGEST_REASON = 500

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return maskAddresses(text).slice(0, LONGEST_REASON)
}

/** From where it was thrown, without its message: that stands in the reason, masked. */
function stackOf(error: unknown): { readonly stack?: string } {
  if (error instanceof MailError || !(error instanceof Error)) return {}
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return { stack: frames.join('\n') }
}
