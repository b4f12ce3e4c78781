import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** The policy of answers that are not pages: nothing in them may load, run, or be framed. */
const API_CONTENT_SECURITY_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

const YEAR_SECONDS = 31_536_000

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The Content-Security-Policy of a page, in place of the one that allows nothing. */
    contentSecurityPolicy?: string
  }
}

export interface SecurityHeaderOptions {
  /** Tells browsers to come back by https alone. Off in development, where there is none. */
  readonly hasHsts: boolean
  /** Whether answers differ by the page that asks. */
  readonly variesByOrigin: boolean
}

/** The headers of every answer; a route may set its own over them. Names are in lower case. */
export function securityHeaders({ hasHsts, variesByOrigin }: SecurityHeaderOptions): Readonly<Record<string, string>> {
  return {
    'cache-control': 'no-store',
    'content-security-policy': API_CONTENT_SECURITY_POLICY,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    ...(hasHsts && { 'strict-transport-security': `max-age=${YEAR_SECONDS}; includeSubDomains` }),
    ...(variesByOrigin && { vary: 'Origin' }),
  }
}

/** Lets a route name its own policy by `config: { contentSecurityPolicy }`, at no cost to the others. */
export function allowRoutePolicies(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    const policy = route.config?.contentSecurityPolicy
    if (policy === undefined) return
    const setPolicy = (_request: FastifyRequest, reply: FastifyReply, done: () => void) => {
      reply.header('content-security-policy', policy)
      done()
    }
    route.onRequest = [setPolicy, ...[route.onRequest ?? []].flat()]
  })
}
