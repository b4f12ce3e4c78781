import { join } from 'node:path'
import { type AuthModels, createAuth, installAuth, installJwks } from '@bailiwick/kit/auth'
import { SecretBox, systemClock } from '@bailiwick/kit/base'
import { type Channel, connectRedisChannel, MemoryChannel } from '@bailiwick/kit/cache'
import { createRegistry, createStore, openDatabase } from '@bailiwick/kit/db'
import { createLogger, createServer, type HealthCheck, installOutbox } from '@bailiwick/kit/http'
import { createMailer, createMailTemplates, createOutbox, createOutboxWorker } from '@bailiwick/kit/mail'
import type { BuiltServer, ServerParts } from '@bailiwick/kit/manage'
import { installOpenApi } from '@bailiwick/kit/openapi'
import { endpointsOf, serveEndpoints } from '@bailiwick/kit/rest'
import * as account from '../apps/account/models.ts'
import * as business from '../apps/business/models.ts'
import { API_INFO, ROOT } from './settings.ts'
import { routers } from './urls.ts'

/** The e-mails that the project words itself. */
const TEMPLATES = join(ROOT, 'templates', 'emails')

/** The models that signing in works with. */
export const authModels: AuthModels = {
  user: account.User,
  session: account.Session,
  membership: business.Membership,
  business: business.Business,
  totp: account.Totp,
  recoveryCode: account.RecoveryCode,
  passkey: account.Passkey,
  trustedDevice: account.TrustedDevice,
  oneTimeToken: account.OneTimeToken,
  securityEvent: account.SecurityEvent,
  avatar: account.Avatar,
  apiKey: business.ApiKey,
  invitation: business.Invitation,
}

/** Puts the parts together, ready to listen. Closing the server closes the database and Redis as well. */
export async function buildServer(parts: ServerParts): Promise<BuiltServer> {
  const { settings, models, hooks = [], logger = createLogger(settings) } = parts
  // First, so that a mistake in one stops the start before anything is opened.
  const templates = createMailTemplates({ folder: TEMPLATES })
  const [database, channel] = await Promise.all([openDatabase(settings.database), openChannel(parts)])
  const store = createStore({ database, registry: createRegistry(models), clock: systemClock, hooks })
  const box = new SecretBox([settings.secrets.key, ...settings.secrets.keyFallbacks])
  const outbox = createOutbox({ box })
  const auth = await createAuth({ store, settings, models: authModels, channel, outbox })
  const checks = { database: () => database.ping(), redis: redisCheck(parts, channel) }
  const server = await createServer({ settings, checks, logger })
  server.addHook('onClose', async () => {
    auth.close()
    await Promise.all([channel.close(), database.close()])
  })
  const { mailer = createMailer(settings.email) } = parts
  const worker = createOutboxWorker({
    store,
    outbox,
    box,
    mailer,
    templates,
    settings: settings.email,
    handlers: auth.outboxHandlers,
    log: server.log,
  })
  installOutbox(server, { outbox, worker })
  const limits = { pageSize: settings.api.pageSize, maxPageSize: settings.api.maxPageSize }
  const endpoints = endpointsOf(routers, { store, limits })
  // In a scope of its own: neither health nor the documentation asks who is there.
  await server.register(async (scope) => {
    installAuth(scope, { auth, store, settings })
    serveEndpoints(scope, endpoints)
  })
  installJwks(server, auth)
  installOpenApi(server, endpoints, API_INFO)
  return { server, store, endpoints, worker, mailer }
}

/** Between processes if Redis is there, within this one if not. */
async function openChannel({ settings, logger = createLogger(settings) }: ServerParts): Promise<Channel> {
  if (settings.redisUrl === null) return new MemoryChannel()
  return connectRedisChannel({ url: settings.redisUrl, log: logger })
}

function redisCheck({ settings }: ServerParts, channel: Channel): HealthCheck {
  if (settings.redisUrl === null) return 'not configured'
  return async () => {
    if (!channel.isConnected) throw new Error('Redis is out of reach')
  }
}
