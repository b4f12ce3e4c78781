import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { PLAIN_SIGN_IN, type Principal, type Role } from '../auth/index.ts'
import { newId } from '../base/index.ts'
import { type AnyModel, createContext, type HookDeclaration } from '../db/index.ts'
import { createServer } from '../http/index.ts'
import { endpointsOf, type Router, serveEndpoints } from '../rest/index.ts'
import { readSettings } from '../settings/index.ts'
import { type ThrowawayStore, testStores } from './throwaway-store.ts'

/** Whom a request of a test comes from: nobody asks for a token. */
export interface ForcedPrincipal {
  readonly business: string | null
  readonly role?: Role
  readonly userId?: string
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
  readonly body: any
}

export interface Call {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export type Caller = (method: string, path: string, call?: Call) => Promise<Reply>

/** An API on a throw-away database, served over real HTTP. */
export interface ThrowawayApi extends ThrowawayStore {
  readonly address: string
  /** Calls as somebody, or as nobody: what DRF's tests know as `force_authenticate`. */
  as(principal: ForcedPrincipal | null): Caller
}

export interface ThrowawayApiSource {
  readonly name: string
  create(): Promise<ThrowawayApi>
}

/** For each kind of database that can be reached: a source of servers of these routers. */
export function testApis(
  models: readonly AnyModel[],
  routers: readonly Router[],
  hooks: readonly HookDeclaration[] = [],
): ThrowawayApiSource[] {
  return testStores(models, { hooks }).map(({ name, create }) => ({
    name,
    create: async () => {
      const stage = await create()
      const server = await createServer({ settings: readSettings({ DEBUG: 'true', LOG_LEVEL: 'silent' }) })
      forceAuthentication(server, stage)
      const limits = { pageSize: 50, maxPageSize: 200 }
      try {
        serveEndpoints(server, endpointsOf(routers, { store: stage.store, limits }))
      } catch (error) {
        await stage.drop()
        throw error
      }
      await server.listen({ port: 0, host: '127.0.0.1' })
      const address = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}` // as: it listens on TCP
      const drop = async (): Promise<void> => {
        await server.close()
        await stage.drop()
      }
      return { ...stage, address, drop, as: (principal) => caller(address, principal) }
    },
  }))
}

const HEADER = 'x-forced-principal'

function forceAuthentication(server: FastifyInstance, { store }: ThrowawayStore): void {
  if (!server.hasRequestDecorator('principal')) server.decorateRequest('principal', null)
  if (!server.hasRequestDecorator('ctx')) server.decorateRequest('ctx')
  server.addHook('onRequest', async (request) => {
    const header = request.headers[HEADER]
    const forced = header === undefined ? null : (JSON.parse(String(header)) as Required<ForcedPrincipal>) // as: `caller` made it
    const principal: Principal | null = forced && {
      ...forced,
      sessionId: newId(),
      isSuperuser: false,
      email: 'test@acme.test',
      name: 'Test',
      ...PLAIN_SIGN_IN,
      authenticatedAtMs: store.clock.now(),
    }
    const identity = { actor: forced?.userId ?? null, business: forced?.business ?? null, requestId: request.requestId }
    request.setDecorator('principal', principal)
    request.setDecorator('ctx', createContext(store, identity))
  })
}

function caller(address: string, principal: ForcedPrincipal | null): Caller {
  const forced = principal && { role: 'admin', userId: newId(), ...principal }
  return async (method, path, { body, headers = {} } = {}) => {
    const response = await fetch(address + path, {
      method,
      headers: {
        ...(forced ? { [HEADER]: JSON.stringify(forced) } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: text === '' ? null : JSON.parse(text) }
  }
}
