import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '../../base/index.ts'
import type { DatabaseOptions } from '../../db/index.ts'
import { type OutboxHandlers, SmtpMailer } from '../index.ts'
import { Done, openNode } from './stage.ts'

export interface WorkerProcessOptions {
  readonly database: DatabaseOptions
  /** Of the SMTP server on this machine. */
  readonly port: number
}

// A worker in a process of its own, for tests that kill it.
// as: the test that starts it has written it
const { database, port } = JSON.parse(process.argv[2] ?? '') as WorkerProcessOptions
const PLAIN = { user: '', password: '', useTls: false, useSsl: false, timeoutMs: 10_000 }
const mailer = new SmtpMailer({ host: '127.0.0.1', port, ...PLAIN })
const handlers: OutboxHandlers = {
  request: async (tx, payload) => {
    await tx.query(Done).create({ text: JSON.stringify(payload) })
    await pause(5)
  },
}
const { worker } = await openNode(database, { clock: systemClock, mailer, handlers, pollMs: 20, leaseMs: 1500 })
worker.start()
setInterval(() => {}, 60_000)
