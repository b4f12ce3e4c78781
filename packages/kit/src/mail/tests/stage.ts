import { type Clock, newId, SecretBox } from '../../base/index.ts'
import { testDatabases } from '../../db/dialects/throwaway-database.ts'
import {
  AuditEntry,
  type Context,
  createContext,
  createRegistry,
  createStore,
  createTables,
  type DatabaseOptions,
  model,
  openDatabase,
  type Store,
  text,
  uuid,
} from '../../db/index.ts'
import {
  createMailTemplates,
  createOutbox,
  createOutboxWorker,
  kitMail,
  type MailMessage,
  MemoryMailer,
  type OpenOutbox,
  OutboxEntry,
  type OutboxWorker,
  type OutboxWorkerOptions,
} from '../index.ts'

export const SECRET = 'mail-test-only-8Zq2vN5xR7tY1uI4oP6aS9dF3gH0jK8lZ2xC5vB7n'
export const SENDER = { from: 'Acme <no-reply@acme.example>', siteName: 'Acme', timeoutMs: 10_000 }

/** What handlers of tests write down, in whatever business. */
export const Done = model('clients.Done', {
  scope: 'global',
  reason: 'A test looks at the work of all businesses.',
  fields: { text: text(), business: uuid().optional() },
})
const MODELS = [OutboxEntry, Done, AuditEntry]

/** A clock that stands still until it is moved. */
export class TestClock implements Clock {
  #nowMs = Date.parse('2026-03-01T12:00:00Z')

  now(): number {
    return this.#nowMs
  }

  advance(ms: number): void {
    this.#nowMs += ms
  }
}

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly fields: object
  readonly message: string
}

/** One process: its own connections, its own outbox and worker. */
export interface Node {
  readonly store: Store
  readonly outbox: OpenOutbox
  readonly worker: OutboxWorker
  readonly ctx: Context
}

export type NodeOptions = Partial<OutboxWorkerOptions>

/** A database with an outbox. */
export interface Stage {
  readonly clock: TestClock
  readonly log: LogLine[]
  readonly options: DatabaseOptions
  node(options?: NodeOptions): Promise<Node>
  /** Ends all processes. */
  closeNodes(): Promise<void>
  close(): Promise<void>
}

export interface StageSource {
  readonly name: string
  open(): Promise<Stage>
}

export const stages: readonly StageSource[] = testDatabases().map(({ name, create }) => ({
  name,
  open: async () => {
    const { database, options, drop } = await create()
    await createTables(database, MODELS)
    const clock = new TestClock()
    const log: LogLine[] = []
    const closers: (() => Promise<void>)[] = []
    const closeNodes = async (): Promise<void> => {
      for (const close of closers.splice(0)) await close()
    }
    return {
      clock,
      log,
      options,
      node: async (given = {}) => {
        const node = await openNode(options, { clock, log: logTo(log), ...given })
        closers.push(node.close)
        return node
      },
      closeNodes,
      close: async () => {
        await closeNodes()
        await drop()
      },
    }
  },
}))

/** A process on a database whose tables are there. */
export async function openNode(
  options: DatabaseOptions,
  { clock, ...given }: NodeOptions & { readonly clock: Clock },
): Promise<Node & { close(): Promise<void> }> {
  const database = await openDatabase({ ...options, poolSize: 6 })
  const store = createStore({ database, registry: createRegistry(MODELS), clock })
  const box = new SecretBox([SECRET])
  const outbox = createOutbox({ box })
  const worker = createOutboxWorker({
    store,
    outbox,
    box,
    mailer: new MemoryMailer(),
    templates: createMailTemplates(),
    settings: SENDER,
    handlers: {},
    log: logTo([]),
    ...given,
  })
  const ctx = createContext(store, { actor: null, business: null, requestId: 'test' })
  const close = async (): Promise<void> => {
    await worker.stop({ graceMs: 0 })
    await database.close()
  }
  return { store, outbox, worker, ctx, close }
}

function logTo(log: LogLine[]) {
  const at = (level: LogLine['level']) => (fields: object, message: string) => void log.push({ level, fields, message })
  return { info: at('info'), warn: at('warn'), error: at('error') }
}

/** Adds a message with a code in it, and gives the code. */
export async function addMail({ outbox, ctx }: Pick<Node, 'outbox' | 'ctx'>, to = 'asha@acme.test'): Promise<string> {
  const code = String(Math.floor(Math.random() * 900_000) + 100_000)
  await outbox.add(ctx, kitMail('email_code', { to, language: 'en', values: { name: 'Asha', code } }))
  return code
}

export async function rowsOf({ ctx }: Pick<Node, 'ctx'>) {
  return ctx.query(OutboxEntry).orderBy('created_at').all()
}

export function inBusiness({ store }: Pick<Node, 'store'>, business = newId()): Context {
  return createContext(store, { actor: null, business, requestId: 'test' })
}

export const codeIn = ({ text }: MailMessage): string => /\d{6}/.exec(text)?.[0] ?? ''
