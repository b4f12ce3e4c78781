import { type Clock, newId, SecretBox } from '../../base/index.ts'
import { type Channel, MemoryChannel } from '../../cache/index.ts'
import { type TestDatabaseSource, testDatabases } from '../../db/dialects/throwaway-database.ts'
import {
  AuditEntry,
  type Context,
  createContext,
  createRegistry,
  createStore,
  createTables,
  model,
  openDatabase,
} from '../../db/index.ts'
import { createOutbox, OutboxEntry } from '../../mail/index.ts'
import { signInModels } from '../../testing/sign-in-models.ts'
import {
  AttemptCounter,
  type Auth,
  type AuthModels,
  businessFields,
  type Client,
  createAuth,
  hashPassword,
  type LoginAnswer,
  membershipFields,
  PasswordHasher,
  Revocation,
  type Role,
  type SignIn,
  sessionFields,
  userFields,
} from '../index.ts'

export const User = model('account.User', {
  scope: 'global',
  reason: 'One person may belong to several businesses.',
  fields: userFields(),
  sharedThrough: () => ({ model: 'business.Membership', field: 'user' }),
})
export const Session = model('account.Session', {
  scope: 'global',
  reason: 'A session is there before a business was chosen.',
  fields: sessionFields(() => User),
})
export const Membership = model('business.Membership', {
  scope: 'business',
  fields: membershipFields(() => User),
  unique: [['user']],
})
export const Business = model('business.Business', {
  scope: 'global',
  reason: 'It is the business itself.',
  fields: businessFields(),
  sharedThrough: () => ({ model: Membership, field: 'business_id' }),
})

export const PASSWORD = 'Correct-horse-battery-9'
const PASSWORD_HASH = await hashPassword(PASSWORD)

export const SECRET = 'test-only-k8Zq2vN5xR7tY1uI4oP6aS9dF3gH0jK8lZ2xC5vB7nM1q'
export const DAY_MS = 86_400_000
export const SETTINGS = {
  passkeys: { rpId: 'localhost', rpName: 'Test', origins: ['http://localhost'] },
  debug: true,
  isRegistrationOpen: true,
  frontendUrl: 'https://app.acme.test',
  http: { host: '127.0.0.1', port: 8000, allowedHosts: [] },
  email: { siteName: 'Acme' },
  secrets: {
    keyFallbacks: [],
    key: SECRET,
    jwt: SECRET,
    jwtFallbacks: [],
    jwtPrivateKey: null,
    jwtPrivateKeyFallbacks: [],
  },
  tokens: {
    algorithm: 'HS256' as const,
    accessLifetimeMs: 30 * DAY_MS,
    refreshLifetimeMs: 60 * DAY_MS,
    sessionLifetimeMs: 365 * DAY_MS,
    refreshGraceMs: 30_000,
  },
  lockout: {
    failures: 5,
    addressFailures: 50,
    windowMs: 900_000,
    lockMs: 900_000,
    longestLockMs: DAY_MS,
    emails: 5,
    emailsFromAddress: 50,
  },
}
export const CLIENT: Client = { ip: '127.0.0.1', userAgent: 'test', requestId: 'test' }

/** The answer to a login that asked for no second factor. */
export function withTokens(answer: LoginAnswer): SignIn {
  if (answer.challenge !== null) throw new Error('The sign-in asked for a second factor')
  return answer
}

/** A clock that stands still until it is moved. */
export class TestClock implements Clock {
  #nowMs = Date.parse('2026-03-01T12:00:00Z')

  now(): number {
    return this.#nowMs
  }

  advance(ms: number): void {
    this.#nowMs += ms
  }
}

/** One process of the project. */
export interface Node {
  readonly auth: Auth
  readonly store: ReturnType<typeof createStore>
  /** Outside any business. */
  readonly system: Context
  inBusiness(business: string): Context
}

export interface Project extends Node {
  readonly clock: TestClock
  readonly models: AuthModels
  /** A further process on the same database, with connections of its own. */
  addNode(channel?: Channel): Promise<Node>
  makeUser(values: { name: string; email?: string; is_active?: boolean; is_superuser?: boolean }): Promise<MadeUser>
  makeBusiness(name: string): Promise<string>
  makeMember(user: MadeUser, business: string, role: Role): Promise<void>
  close(): Promise<void>
}

export interface MadeUser {
  readonly id: string
  readonly email: string
}

export const databases: readonly TestDatabaseSource[] = testDatabases()

export async function openProject(
  source: TestDatabaseSource,
  channel: Channel = new MemoryChannel(),
  passwords: PasswordHasher = new PasswordHasher(),
): Promise<Project> {
  const test = await source.create()
  const clock = new TestClock()
  const rest = signInModels(() => User)
  const models = [
    User,
    Business,
    Session,
    Membership,
    ...Object.values(rest),
    AuditEntry,
    Revocation,
    AttemptCounter,
    OutboxEntry,
  ]
  const authModels = { user: User, session: Session, membership: Membership, business: Business, ...rest }
  const registry = createRegistry(models)
  const { database } = test
  await createTables(database, models)
  const closers: (() => unknown)[] = []
  const start = async (on: typeof database, heard: Channel): Promise<Node> => {
    const store = createStore({ database: on, registry, clock })
    const auth = await createAuth({
      store,
      settings: SETTINGS,
      channel: heard,
      passwords,
      outbox: createOutbox({ box: new SecretBox([SECRET]) }),
      models: authModels,
    })
    closers.push(() => auth.close())
    const inBusiness = (business: string | null) => createContext(store, { actor: null, business, requestId: 'test' })
    return { auth, store, system: inBusiness(null), inBusiness }
  }
  const first = await start(database, channel)
  return {
    ...first,
    clock,
    models: authModels,
    addNode: async (heard = new MemoryChannel()) => {
      const own = await openDatabase(test.options)
      closers.push(() => own.close())
      return start(own, heard)
    },
    makeUser: ({ name, email = `${name.toLowerCase()}@acme.test`, ...rest }) =>
      first.system.query(User).create({ name, email, password: PASSWORD_HASH, ...rest }),
    makeBusiness: async (name) => {
      const slug = `${name.toLowerCase()}-${newId().slice(-6)}`
      return (await first.system.query(Business).create({ name, slug })).id
    },
    makeMember: async (user, business, role) => {
      const membership = { business_id: business, user: user.id, role }
      await first.system.acrossBusinesses('test', (all) => all.query(Membership).create(membership))
    },
    close: async () => {
      for (const close of closers.toReversed()) await close()
      await test.drop()
    },
  }
}
