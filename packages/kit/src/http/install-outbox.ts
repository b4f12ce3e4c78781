import type { FastifyInstance } from 'fastify'
import type { Outbox, OutboxWorker } from '../mail/index.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Where endpoints put messages, and work that is to be done after their transaction. */
    readonly outbox: Outbox
  }
}

export interface InstallOutboxOptions {
  readonly outbox: Outbox
  readonly worker: OutboxWorker
}

/**
 * Gives the server its `outbox`. The worker begins when the server listens, and stops when it closes: install it after
 * the hook that closes the database, since the last hook to be added is the first to run.
 */
export function installOutbox(server: FastifyInstance, { outbox, worker }: InstallOutboxOptions): void {
  server.decorate('outbox', outbox)
  server.addHook('onListen', async () => worker.start())
  server.addHook('onClose', async () => worker.stop())
}
