import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from '../base/index.ts'
import { createHostCheck } from './allowed-hosts.ts'
import { refuseUnrouted } from './error-handler.ts'
import { MalformedQuery } from './query-parameters.ts'
import type { RouteTable } from './route-table.ts'

type Done = (error?: Error) => void

const FRAGMENT = 'Malformed address: a fragment is not sent to servers.'

/** Sets the headers that every answer carries, and refuses hosts that are not ours. It comes before every other hook. */
export function addEntryGuard(
  server: FastifyInstance,
  {
    headers,
    allowedHosts,
    routes,
  }: { headers: Readonly<Record<string, string>>; allowedHosts: readonly string[]; routes: RouteTable },
): void {
  const isAllowedHost = createHostCheck(allowedHosts)
  server.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: Done) => {
    reply.headers(headers).header('x-request-id', request.id)
    if (!isAllowedHost(request.host)) return done(new ApiError('invalid_host'))
    if (request.method !== 'OPTIONS') return done()
    const allowed = routes.methodsOf(pathOf(request))
    if (allowed.length === 0) return done(new ApiError('not_found'))
    reply.header('allow', allowed.join(', '))
    return done()
  })
}

/**
 * Refuses what no route answers, and malformed addresses and queries. It comes after CORS, so that a page may read the refusal, and
 * before a body is read.
 */
export function addRouteGuard(server: FastifyInstance, routes: RouteTable): void {
  server.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: Done) => {
    if (request.query instanceof MalformedQuery) return done(request.query.error)
    // The router takes a fragment for a query, and whoever looks for `?` does not: the two must not read two requests in one.
    if (request.url.includes('#')) return done(new ApiError('parse_error', { message: FRAGMENT }))
    if (!request.is404) return done()
    if (request.method === 'OPTIONS') return reply.code(204).send()
    return done(refuseUnrouted(request, routes.methodsOf(pathOf(request))))
  })
}

function pathOf(request: FastifyRequest): string {
  // An address may come whole, as proxies send it.
  const path = request.url.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0] ?? ''
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}
