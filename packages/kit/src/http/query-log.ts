import type { FastifyInstance, FastifyRequest } from 'fastify'
import { QueryLog } from '../db/index.ts'
import type { Settings } from '../settings/index.ts'

const KEPT = Symbol('queryLog')

declare module 'fastify' {
  interface FastifyRequest {
    /** Once it is made. What answers no route has no place for it. */
    [KEPT]?: QueryLog | null
  }
}

export interface QueryLogSettings extends Pick<Settings, 'debug' | 'log'> {
  /** Whether there is a log to tell of it. */
  readonly isLogged: boolean
}

/** Gives every request its `queryLog`. */
export function addQueryLog(server: FastifyInstance, { debug, log, isLogged }: QueryLogSettings): void {
  server.decorateRequest(KEPT, null)
  server.decorateRequest('queryLog', {
    getter(this: FastifyRequest) {
      if (!isLogged) return null
      this[KEPT] ??= new QueryLog({ target: this.log, slowMs: log.slowQueryMs, findsRepeats: debug })
      return this[KEPT]
    },
  })
}

/** What the line of a request tells of its statements; nothing where it made none. */
export function queryFigures(request: FastifyRequest): { readonly queries?: number; readonly db_ms?: number } {
  const kept = request[KEPT]
  if (!kept || kept.count === 0) return {}
  kept.finish()
  return { queries: kept.count, db_ms: kept.ms }
}
