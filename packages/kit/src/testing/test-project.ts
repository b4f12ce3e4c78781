import { newId } from '../base/index.ts'
import {
  type Context,
  createContext,
  type DatabaseOptions,
  migrate,
  type Store,
  type TestDatabaseSource,
  testDatabases,
} from '../db/index.ts'
import { MemoryMailer } from '../mail/index.ts'
import {
  type BuiltServer,
  hooksOf,
  type InstalledApp,
  loadApps,
  migrationApps,
  modelsOf,
  type Project,
  type ServerParts,
  unmigratedApps,
} from '../manage/index.ts'
import type { Endpoint } from '../rest/index.ts'
import type { Environment } from '../settings/index.ts'
import { createMake, type MadeUser, type Make } from './make.ts'
import { SecretWatch } from './secret-watch.ts'
import { TestClient, type TestListener } from './test-client.ts'
import { createTestMail, type TestMail } from './test-mail.ts'

export interface TestProjectOptions {
  /** Which database; SQLite unless it says otherwise. */
  readonly source?: TestDatabaseSource
  /** Settings beside those of a test: no log, and a port that is free. */
  readonly environment?: Environment
  /** How the server waits for connections of its pool. */
  readonly pool?: Pick<DatabaseOptions, 'poolTimeoutMs'>
  /** What takes the log of the server, for tests of what is logged. */
  readonly logger?: ServerParts['logger']
  /** What takes messages, for tests of one that fails or hangs. */
  readonly mailer?: MemoryMailer
}

/** A project that serves over a database of its own. */
export interface TestProject {
  readonly url: string
  readonly store: Store
  readonly endpoints: readonly Endpoint[]
  readonly make: Make
  /** What has been sent: `(await app.mail.last('asha@acme.test', 'reset_password')).token`. */
  readonly mail: TestMail
  /** Somebody who has not signed in. */
  readonly guest: TestClient
  /** Signs a user in over HTTP, in their business. */
  as(user: MadeUser): Promise<TestClient>
  /** A context in a business, or outside any, for looking at rows and making them. */
  context(business?: { readonly id: string }): Context
  /** A client with a token, or without, whose secrets are watched as those of the others. */
  client(token?: string | null): TestClient
  /**
   * Stops the server and drops the database.
   *
   * @throws {Error} if a secret that went over the wire stands in the database in clear
   */
  close(): Promise<void>
}

/**
 * Starts a project on an empty, migrated database of its own.
 *
 * `const app = await testProject(project)` in `before`, `app.close()` in `after`.
 */
export async function testProject(project: Project, options: TestProjectOptions = {}): Promise<TestProject> {
  const source = options.source ?? sqlite()
  const throwaway = await source.create()
  try {
    const apps = await loadApps(project)
    await assertMigrated(apps)
    await migrate({ database: throwaway.database, apps: migrationApps(apps) })
    const environment = { DEBUG: 'true', LOG_LEVEL: 'silent', PORT: '0', ...options.environment }
    const settings = {
      ...project.settings(environment),
      database: { ...throwaway.options, poolSize: 5, ...options.pool },
    }
    const { logger } = options
    const mailer = options.mailer ?? new MemoryMailer()
    const built = await project.buildServer({
      settings,
      models: modelsOf(apps),
      hooks: hooksOf(apps),
      mailer,
      ...(logger && { logger }),
    })
    const url = await built.server.listen({ host: '127.0.0.1', port: 0 })
    const close = async (): Promise<void> => {
      await built.server.close()
      await throwaway.drop()
    }
    return runningProject(project, built, { url, close, mailer })
  } catch (error) {
    await throwaway.drop()
    throw error
  }
}

/** Without its migrations every test would fail, and none would say why. @throws {Error} if they are not up to date */
export async function assertMigrated(apps: readonly InstalledApp[]): Promise<void> {
  const changed = await unmigratedApps(apps)
  if (changed.length === 0) return
  throw new Error(`The models of ${changed.join(', ')} are not migrated: run 'node manage.ts makemigrations' first`)
}

function sqlite(): TestDatabaseSource {
  const [source] = testDatabases()
  if (!source) throw new Error('There is no database to test on')
  return source
}

async function runningProject(
  project: Project,
  { store, endpoints, worker }: BuiltServer,
  { url, close, mailer }: Pick<TestProject, 'url' | 'close'> & { readonly mailer: MemoryMailer },
): Promise<TestProject> {
  const context: TestProject['context'] = (business) =>
    createContext(store, { actor: null, business: business?.id ?? null, requestId: newId() })
  const secrets = new SecretWatch()
  const client: TestProject['client'] = (token = null) => new TestClient(url, token, secrets)
  return {
    url,
    store,
    endpoints,
    mail: createTestMail({ store, worker, mailer }),
    make: createMake(await project.accounts(), context()),
    guest: client(),
    as: async (user) => client(await signIn(url, user, secrets)),
    client,
    context,
    close: async () => {
      const found = await secrets.findInDatabase(store)
      await close()
      if (found.length > 0) throw new Error(`Secrets are kept in clear: ${found.join(', ')}`)
    },
  }
}

/** The access token of a user who signs in over HTTP, in their business. */
export async function signIn(
  url: string,
  { email, password, business }: MadeUser,
  listener: TestListener | null = null,
): Promise<string> {
  const answer = await new TestClient(url, null, listener).post('/api/account/login/', { email, password })
  if (answer.status !== 200) throw new Error(`Cannot sign ${email} in: ${answer.status} ${answer.text}`)
  const { access, business: entered } = answer.body.data
  if (business === null || entered?.id === business.id) return access
  const switched = await new TestClient(url, access, listener).post('/api/business/switch/', { business: business.id })
  if (switched.status !== 200) throw new Error(`Cannot enter ${business.name}: ${switched.status} ${switched.text}`)
  return switched.body.data.access
}
