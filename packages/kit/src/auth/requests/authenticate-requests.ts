import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from '../../base/index.ts'
import { type Context, createContext, type Store } from '../../db/index.ts'
import type { Settings } from '../../settings/index.ts'
import { appsForKeys, scopeRefusal } from '../api-keys/scopes.ts'
import type { Auth } from '../auth.ts'
import type { Client } from '../models/client.ts'
import type { Permission } from '../permissions/permission.ts'
import { allowAny } from '../permissions/permissions.ts'
import type { Principal } from '../permissions/principal.ts'
import { clientOf } from './client-of.ts'
import { CsrfGuard } from './csrf-guard.ts'
import { hasCredential, identify } from './identify.ts'
import { SessionCookies } from './session-cookies.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly auth: Auth
    readonly sessionCookies: SessionCookies
    readonly csrfGuard: CsrfGuard
    /** The apps that API keys may be for. */
    appsForKeys(): readonly string[]
  }
  interface FastifyRequest {
    /** Who makes the request; null: nobody is signed in. */
    readonly principal: Principal | null
    /** The context of the request: its actor, its business, its id. */
    readonly ctx: Context
  }
  interface FastifyContextConfig {
    /** Who may call the route. With `allowAny` a token that is not valid counts as none. */
    readonly permission?: Permission
    /** The app that the route belongs to, by which the scopes of API keys name it. A route of none is closed to them. */
    readonly app?: string
  }
}

export interface InstallAuthOptions {
  readonly auth: Auth
  readonly store: Store
  readonly settings: Pick<Settings, 'debug' | 'http' | 'secrets'>
}

type Done = (error?: Error) => void

/**
 * Gives every request of the server's routes its `principal` and its `ctx`, before the body is read. Install it in a
 * scope of its own (`server.register`) to leave routes such as those of health out.
 */
export function installAuth(server: FastifyInstance, { auth, store, settings }: InstallAuthOptions): void {
  server.decorate('auth', auth)
  server.decorate('sessionCookies', new SessionCookies(settings, store.clock))
  server.decorate('csrfGuard', new CsrfGuard(settings))
  rememberApps(server)
  server.decorateRequest('principal', null)
  // Read before the hook has run only by what answers no route; a request without a context has no business either.
  server.decorateRequest('ctx', {
    getter(this: FastifyRequest) {
      return this.getDecorator<Context | null>(CONTEXT) ?? openContext(store, this)
    },
  })
  server.decorateRequest(CONTEXT, null)
  server.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: Done) => {
    if (!hasCredential(request)) return done()
    identify(request, reply).then(
      (principal) => {
        request.setDecorator('principal', principal)
        done((principal && closedToKey(request, principal)) ?? undefined)
      },
      (error: unknown) => done(isForgivable(error, request) ? undefined : (error as Error)), // as: only errors are thrown
    )
    return undefined
  })
  server.addHook('preHandler', refuseForeignSignIn)
}

/** Asked of every route before its permission, so that an app that is added is covered. */
function closedToKey({ routeOptions, method }: FastifyRequest, principal: Principal): ApiError | null {
  return scopeRefusal(principal, { app: routeOptions.config.app, method })
}

function rememberApps(server: FastifyInstance): void {
  const apps = new Set<string>()
  server.addHook('onRoute', ({ config }) => {
    if (config?.app !== undefined) apps.add(config.app)
  })
  server.decorate('appsForKeys', () => appsForKeys(apps))
}

/** Who makes a request that only the signed-in may make. @throws {ApiError} `not_authenticated` if nobody is */
export function principalOf({ principal }: Pick<FastifyRequest, 'principal'>): Principal {
  if (principal === null) throw new ApiError('not_authenticated')
  return principal
}

/** Who asks, and from where. @throws {ApiError} `not_authenticated` if nobody is signed in */
export function askerOf(request: FastifyRequest): { readonly principal: Principal; readonly client: Client } {
  return { principal: principalOf(request), client: clientOf(request) }
}

const CONTEXT = 'keptContext'

/** Made upon first use, and kept: a request stands in one context. */
function openContext(store: Store, request: FastifyRequest): Context {
  const { principal, requestId, queryLog } = request
  const { userId: actor = null, impersonator = null, business = null } = principal ?? {}
  const identity = { actor, impersonator, business, requestId, queryLog }
  const ctx = createContext(store, identity)
  request.setDecorator(CONTEXT, ctx)
  return ctx
}

/**
 * A page of another site could sign its visitors in as somebody else, who would then read what they write. Nobody is
 * signed in yet, so only the origin of the page tells; and it must tell before a session is begun.
 */
function refuseForeignSignIn(request: FastifyRequest, _reply: FastifyReply, done: Done): void {
  const isForCookies = isOpen(request) && asksForCookies(request.body)
  done((isForCookies && request.server.csrfGuard.originProblem(request)) || undefined)
}

function asksForCookies(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'transport' in body && body.transport === 'cookies'
}

const isOpen = ({ routeOptions }: FastifyRequest): boolean => routeOptions.config.permission === allowAny

/** Whoever signs in or refreshes often still sends the token that has run out: that must not keep them from it. */
function isForgivable(error: unknown, request: FastifyRequest): boolean {
  const isOfCredential = error instanceof ApiError && (error.status === 401 || error.code === 'csrf_failed')
  return isOfCredential && isOpen(request)
}
