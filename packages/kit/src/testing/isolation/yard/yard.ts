import {
  AttemptCounter,
  createAuth,
  createRevoker,
  flushExpired,
  hashPassword,
  installAuth,
  passwordProblems,
  Revocation,
} from '../../../auth/index.ts'
import { SecretBox, systemClock } from '../../../base/index.ts'
import { MemoryChannel } from '../../../cache/index.ts'
import {
  type AnyModel,
  AuditEntry,
  createRegistry,
  createStore,
  createTables,
  openDatabase,
} from '../../../db/index.ts'
import { createServer, installOutbox } from '../../../http/index.ts'
import {
  createMailTemplates,
  createOutbox,
  createOutboxWorker,
  MemoryMailer,
  OutboxEntry,
} from '../../../mail/index.ts'
import type { Accounts, BuiltServer } from '../../../manage/index.ts'
import { endpointsOf, type Router, serveEndpoints } from '../../../rest/index.ts'
import { readSettings } from '../../../settings/index.ts'
import type { ProofTarget } from '../proof-target.ts'
import { Business, Membership, Session, SIGN_IN_MODELS, User, YARD_MODELS } from './yard-models.ts'
import { YARD_ROUTERS } from './yard-routers.ts'

const SECRET = 'yard-only-8Zq2vN5xR7tY1uI4oP6aS9dF3gH0jK8lZ2xC5vB7nM1q'

/** A yard of models and routers, those of the accounts among them. */
export function yardOf(own: readonly AnyModel[], routers: readonly Router[]): ProofTarget {
  const models = [...own, AuditEntry, Revocation, AttemptCounter, OutboxEntry]
  return {
    prepare: (database) => createTables(database, models),
    build: (options) => build(options, { models, routers }),
    accounts: async () => ACCOUNTS,
    registry: async () => createRegistry(models),
    routers: async () => routers,
  }
}

interface YardParts {
  readonly models: readonly AnyModel[]
  readonly routers: readonly Router[]
}

async function build(
  options: Parameters<ProofTarget['build']>[0],
  { models, routers }: YardParts,
): Promise<BuiltServer> {
  const settings = readSettings({ DEBUG: 'true', LOG_LEVEL: 'silent', SECRET_KEY: SECRET, JWT_SECRET_KEY: SECRET })
  const database = await openDatabase({ ...options, poolSize: 5 })
  const store = createStore({ database, registry: createRegistry(models), clock: systemClock })
  const channel = new MemoryChannel()
  const people = { user: User, session: Session, membership: Membership, business: Business, ...SIGN_IN_MODELS }
  const box = new SecretBox([settings.secrets.key])
  const outbox = createOutbox({ box })
  const auth = await createAuth({ store, settings, models: people, channel, outbox })
  const server = await createServer({ settings })
  server.addHook('onClose', async () => {
    auth.close()
    await database.close()
  })
  const mailer = new MemoryMailer()
  const worker = createOutboxWorker({
    store,
    outbox,
    box,
    mailer,
    templates: createMailTemplates(),
    settings: settings.email,
    handlers: auth.outboxHandlers,
    log: server.log,
  })
  installOutbox(server, { outbox, worker })
  const endpoints = endpointsOf(routers, { store, limits: { pageSize: 50, maxPageSize: 200 } })
  await server.register(async (scope) => {
    installAuth(scope, { auth, store, settings })
    serveEndpoints(scope, endpoints)
  })
  return { server, store, endpoints, worker, mailer }
}

const ACCOUNTS: Accounts = {
  flushExpired: (ctx, { lockout }) =>
    flushExpired(ctx, { securityLogDays: 365, lockout, models: { ...SIGN_IN_MODELS, session: Session } }),
  createUser: async (ctx, { password, isSuperuser = false, ...values }) =>
    ctx.query(User).create({ ...values, password: await hashPassword(password), is_superuser: isSuperuser }),
  findUser: (ctx, email) => ctx.query(User).filter({ email }).first(),
  changePassword: async (ctx, userId, password) => {
    await ctx
      .query(User)
      .filter({ id: userId })
      .update({ password: await hashPassword(password) })
    await createRevoker({ session: Session }).endAllSessions(ctx, userId)
  },
  passwordProblems,
  createBusiness: (ctx, values) => ctx.query(Business).create(values),
  findBusiness: (ctx, slug) => ctx.query(Business).filter({ slug }).first(),
  addMember: async (ctx, { businessId, userId, role }) => {
    const membership = { business_id: businessId, user: userId, role }
    await ctx.acrossBusinesses('A user becomes a member', (all) => all.query(Membership).create(membership))
  },
}

/** A project that has something of everything that a business's rows could leak through: where the proof is itself put to the proof. */
export const YARD: ProofTarget = yardOf(YARD_MODELS, YARD_ROUTERS)
