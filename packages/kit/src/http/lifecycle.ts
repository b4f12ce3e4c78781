import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyInstance {
    readonly lifecycle: Lifecycle
  }
}

/** What a server knows of its own stopping. */
export class Lifecycle {
  readonly #sockets = new Set<Socket>()
  #isStopping = false

  get isStopping(): boolean {
    return this.#isStopping
  }

  stop(): void {
    this.#isStopping = true
  }

  track(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
  }

  /** Node counts a connection on which nothing ever came as busy; browsers open such ones in advance. */
  destroyUntouchedSockets(): void {
    for (const socket of this.#sockets) {
      if (socket.bytesRead === 0) socket.destroy()
    }
  }
}

/** Gives the server its `lifecycle`. */
export function addLifecycle(server: FastifyInstance): void {
  const lifecycle = new Lifecycle()
  server.decorate('lifecycle', lifecycle)
  server.server.on('connection', (socket: Socket) => lifecycle.track(socket))
}

export interface StopOptions {
  /** How long requests in flight may take to end. */
  readonly drainMs?: number
}

const REAP_EVERY_MS = 50

/**
 * Stops a server without breaking off what it is at: readiness turns 503, nothing new is accepted, idle connections
 * are closed, requests in flight end or are cut off after `drainMs` (10 s). Then the `onClose` hooks run, which close
 * the database and Redis.
 */
export async function stopGracefully(server: FastifyInstance, { drainMs = 10_000 }: StopOptions = {}): Promise<void> {
  server.lifecycle.stop()
  const closed = server.close()
  server.lifecycle.destroyUntouchedSockets()
  // A connection that was busy when the server closed is left open by Node once its request has ended.
  const reaper = setInterval(() => server.server.closeIdleConnections(), REAP_EVERY_MS)
  const deadline = setTimeout(() => server.server.closeAllConnections(), drainMs)
  try {
    await closed
  } finally {
    clearInterval(reaper)
    clearTimeout(deadline)
  }
}
