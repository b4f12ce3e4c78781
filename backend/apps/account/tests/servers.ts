import { AttemptCounter, Revocation, type Role } from '@bailiwick/kit/auth'
import { newId, systemClock } from '@bailiwick/kit/base'
import {
  AuditEntry,
  type Context,
  createContext,
  createRegistry,
  createStore,
  createTables,
  type TestDatabaseSource,
} from '@bailiwick/kit/db'
import { OutboxEntry } from '@bailiwick/kit/mail'
import type { Environment } from '@bailiwick/kit/settings'
import { TestClient } from '@bailiwick/kit/testing'
import { authModels, buildServer } from '../../../core/server.ts'
import { projectSettings } from '../../../core/settings.ts'
import { addMember, createBusiness } from '../../business/services.ts'
import { Client } from '../../clients/models.ts'
import { createUser } from '../services.ts'

export const SECRET = 'test-only-k8Zq2vN5xR7tY1uI4oP6aS9dF3gH0jK8lZ2xC5vB7nM1q'
export const PASSWORD = 'Correct-horse-battery-9'

const MODELS = [...Object.values(authModels), Client, AuditEntry, Revocation, AttemptCounter, OutboxEntry]

export interface Member {
  readonly id: string
  readonly email: string
  readonly business: string
}

/** Several servers on one database, as several processes would be. */
export interface Servers {
  readonly guests: readonly TestClient[]
  readonly urls: readonly string[]
  readonly system: Context
  inBusiness(business: string): Context
  /** A user, in a business of their own unless one is given. */
  makeMember(options?: { readonly role?: Role; readonly business?: string; readonly name?: string }): Promise<Member>
  /** Signs in on the first server, and gives the tokens and a client on each server. */
  signIn(email: string): Promise<SignedIn>
  close(): Promise<void>
}

export interface SignedIn {
  readonly access: string
  readonly refresh: string
  readonly on: readonly TestClient[]
}

export interface ServersOptions {
  readonly source: TestDatabaseSource
  readonly count?: number
  readonly redisUrl?: string
  /** Settings beside those of a test. */
  readonly environment?: Environment
}

export async function startServers({ source, count = 1, redisUrl, ...options }: ServersOptions): Promise<Servers> {
  const throwaway = await source.create()
  await createTables(throwaway.database, MODELS)
  const environment = {
    DEBUG: 'true',
    LOG_LEVEL: 'silent',
    EMAIL_BACKEND: 'memory',
    JWT_SECRET_KEY: SECRET,
    ...(redisUrl && { REDIS_URL: redisUrl }),
    ...options.environment,
  }
  const settings = { ...projectSettings(environment), database: { ...throwaway.options, poolSize: 5 } }
  const built = await Promise.all(Array.from({ length: count }, () => buildServer({ settings, models: MODELS })))
  const urls = await Promise.all(built.map(({ server }) => server.listen({ port: 0, host: '127.0.0.1' })))
  const guests = urls.map((url) => new TestClient(url))
  const store = createStore({ database: throwaway.database, registry: createRegistry(MODELS), clock: systemClock })
  const inBusiness = (business: string | null) => createContext(store, { actor: null, business, requestId: 'test' })
  const system = inBusiness(null)
  return {
    guests,
    urls,
    system,
    inBusiness,
    makeMember: async ({ role = 'agent', name = 'Asha', business } = {}) => {
      const user = await createUser(system, { name, email: `${newId()}@acme.test`, password: PASSWORD })
      const businessId = business ?? (await createBusiness(system, { name: `${name} & Co`, slug: newId() })).id
      await addMember(system, { businessId, userId: user.id, role })
      return { id: user.id, email: user.email, business: businessId }
    },
    signIn: async (email) => {
      const answer = await guests[0]?.post('/api/account/login/', { email, password: PASSWORD })
      const { access, refresh } = answer?.body.data ?? {}
      return { access, refresh, on: urls.map((url) => new TestClient(url, access)) }
    },
    close: async () => {
      for (const { server } of built) await server.close()
      await throwaway.drop()
    },
  }
}
