import { type AuthModels, createAuth, installAuth } from '@bailiwick/kit/auth'
import { systemClock } from '@bailiwick/kit/base'
import { type Channel, connectRedisChannel, MemoryChannel } from '@bailiwick/kit/cache'
import { createRegistry, createStore, openDatabase } from '@bailiwick/kit/db'
import { createLogger, createServer, type HealthCheck } from '@bailiwick/kit/http'
import type { BuiltServer, ServerParts } from '@bailiwick/kit/manage'
import { installOpenApi } from '@bailiwick/kit/openapi'
import { endpointsOf, serveEndpoints } from '@bailiwick/kit/rest'
import * as account from '../apps/account/models.ts'
import * as business from '../apps/business/models.ts'
import { API_INFO } from './settings.ts'
import { routers } from './urls.ts'

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
  const [database, channel] = await Promise.all([openDatabase(settings.database), openChannel(parts)])
  const store = createStore({ database, registry: createRegistry(models), clock: systemClock, hooks })
  const auth = await createAuth({ store, settings, models: authModels, channel })
  const checks = { database: () => database.ping(), redis: redisCheck(parts, channel) }
  const server = await createServer({ settings, checks, logger })
  server.addHook('onClose', async () => {
    auth.close()
    await Promise.all([channel.close(), database.close()])
  })
  const limits = { pageSize: settings.api.pageSize, maxPageSize: settings.api.maxPageSize }
  const endpoints = endpointsOf(routers, { store, limits })
  // In a scope of its own: neither health nor the documentation asks who is there.
  await server.register(async (scope) => {
    installAuth(scope, { auth, store, settings })
    serveEndpoints(scope, endpoints)
  })
  installOpenApi(server, endpoints, API_INFO)
  return { server, store, endpoints }
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
