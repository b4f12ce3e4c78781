import type { Server } from 'node:http'
import {
  type FastifyBaseLogger,
  type FastifyHttpOptions,
  type FastifyInstance,
  type FastifyServerOptions,
  fastify,
} from 'fastify'
import { ApiError } from '../base/index.ts'
import type { QueryLog } from '../db/index.ts'
import type { HttpSettings, Settings } from '../settings/index.ts'
import { answerClientError, answerOddRequests } from './client-error.ts'
import { addCors, isCorsOn } from './cors.ts'
import { answerError } from './error-handler.ts'
import { addHealthRoutes, type HealthCheck } from './health.ts'
import { readJsonBodies } from './json-body.ts'
import { addLifecycle } from './lifecycle.ts'
import { createLogger } from './logger.ts'
import { addQueryLog } from './query-log.ts'
import { parseQuery } from './query-parameters.ts'
import { addEntryGuard, addRouteGuard } from './request-guards.ts'
import { requestIdOf } from './request-id.ts'
import { logRequest, RequestLog } from './request-log.ts'
import { RouteTable } from './route-table.ts'
import { allowRoutePolicies, securityHeaders } from './security-headers.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The id that the answer carries in `X-Request-Id` and in `meta`, and the log in every line of the request. */
    readonly requestId: string
    /** Counts and times the statements of the request; null where nothing is logged. Made upon first use. */
    readonly queryLog: QueryLog | null
  }
}

export interface Timeouts {
  /** For the headers to arrive. */
  readonly headersMs: number
  /** For the whole request to arrive. */
  readonly requestMs: number
  /** Between two requests of a connection. */
  readonly keepAliveMs: number
  /** Without a byte in either direction, in the middle of a request. */
  readonly idleMs: number
}

export interface ServerOptions {
  readonly settings: Pick<Settings, 'debug' | 'http' | 'log'>
  /** What `/api/health/ready/` looks at, by the name it is told under. */
  readonly checks?: Readonly<Record<string, HealthCheck>>
  readonly logger?: FastifyBaseLogger
  readonly timeouts?: Partial<Timeouts>
}

const DEFAULT_TIMEOUTS: Timeouts = { headersMs: 15_000, requestMs: 30_000, keepAliveMs: 72_000, idleMs: 120_000 }
const LONGEST_PATH_PARAMETER = 255

/**
 * Makes the HTTP server, without routes but those of health: add them, then `listen`. Every answer, whoever refuses
 * the request, has the envelope of `docs/reference/errors.md` and the security headers.
 *
 * @example
 * const server = await createServer({ settings: readSettings(process.env) })
 * server.get('/api/hello/', async (request) => successEnvelope('hello', { requestId: request.requestId }))
 * await server.listen({ port: 8000 })
 */
export async function createServer({
  settings,
  checks = {},
  logger,
  timeouts,
}: ServerOptions): Promise<FastifyInstance> {
  const variesByOrigin = isCorsOn(settings.http)
  const headers = securityHeaders({ hasHsts: !settings.debug, variesByOrigin })
  const server = fastify({
    ...frameworkOptions(settings.http, headers),
    ...timeoutOptions({ ...DEFAULT_TIMEOUTS, ...timeouts }),
    ...logOptions(settings, logger),
  })
  addLifecycle(server)
  answerOddRequests(server.server, headers)
  server.decorateRequest('requestId', {
    getter: function () {
      return this.id
    },
  })
  addQueryLog(server, { ...settings, isLogged: isLogged(settings, logger) })
  server.setErrorHandler(answerError)
  server.setNotFoundHandler((request, reply) => answerError(new ApiError('not_found'), request, reply))
  readJsonBodies(server)
  allowRoutePolicies(server)
  const routes = new RouteTable()
  addEntryGuard(server, { headers, allowedHosts: settings.http.allowedHosts, routes })
  await addCors(server, settings.http)
  addRouteGuard(server, routes)
  server.addHook('onRoute', (route) => routes.add(route))
  addHealthRoutes(server, checks)
  return server
}

function frameworkOptions(settings: HttpSettings, headers: Readonly<Record<string, string>>) {
  return {
    bodyLimit: settings.bodyLimit,
    trustProxy: trustOf(settings),
    genReqId: requestIdOf,
    exposeHeadRoutes: true,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => answerClientError(error, socket, headers),
    frameworkErrors: (error, request, reply) => {
      answerError(error, request, reply.headers({ ...headers, 'x-request-id': request.id }))
      logRequest(request, reply)
    },
    routerOptions: {
      ignoreTrailingSlash: true,
      caseSensitive: true,
      maxParamLength: LONGEST_PATH_PARAMETER,
      querystringParser: parseQuery,
    },
  } satisfies FastifyServerOptions
}

function timeoutOptions({ headersMs, requestMs, keepAliveMs, idleMs }: Timeouts) {
  return {
    requestTimeout: requestMs,
    keepAliveTimeout: keepAliveMs,
    connectionTimeout: idleMs,
    // A missing Host is refused by our own check, so that the refusal has the envelope.
    http: {
      headersTimeout: headersMs,
      requireHostHeader: false,
      connectionsCheckingInterval: Math.min(headersMs, 5000),
    },
  } satisfies FastifyHttpOptions<Server>
}

type LogOptions = Pick<FastifyServerOptions, 'logger' | 'loggerInstance' | 'logController'>

function logOptions(settings: ServerOptions['settings'], logger: FastifyBaseLogger | undefined): LogOptions {
  if (!isLogged(settings, logger)) return { logger: false }
  return { loggerInstance: logger ?? createLogger(settings), logController: new RequestLog() }
}

function isLogged({ log }: ServerOptions['settings'], logger: FastifyBaseLogger | undefined): boolean {
  return log.level !== 'silent' || logger !== undefined
}

function trustOf({ trustProxy }: HttpSettings) {
  if (trustProxy === null || trustProxy === 0) return false
  return typeof trustProxy === 'number' ? (_address: string, hop: number) => hop < trustProxy : [...trustProxy]
}
