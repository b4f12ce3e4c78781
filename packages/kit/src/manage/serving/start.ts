import type { AddressInfo } from 'node:net'
import { unappliedMigrations, wallProblems } from '../../db/index.ts'
import { stopGracefully } from '../../http/index.ts'
import type { Settings } from '../../settings/index.ts'
import { CommandError } from '../command-error.ts'
import { hooksOf, type InstalledApp, loadApps, migrationApps, modelsOf } from '../installed-app.ts'
import type { BuiltServer, Project } from '../project.ts'
import { type Address, addressUrl } from './address.ts'

export interface Started extends BuiltServer {
  readonly url: string
}

export interface StartOptions {
  readonly settings: Settings
  /** Where to listen, if not where the settings say. */
  readonly address?: Address
  /** Gets the notice of migrations that the database has not had. */
  readonly onNotice: (text: string) => void
}

/** Builds the server of a project and listens. @throws {CommandError} if the address cannot be taken, or a wall in the database does not stand */
export async function startServer(project: Project, options: StartOptions): Promise<Started> {
  const { settings, address = settings.http, onNotice } = options
  const apps = await loadApps(project)
  const built = await project.buildServer({ settings, models: modelsOf(apps), hooks: hooksOf(apps) })
  try {
    const notice = await pendingMigrations(built, apps)
    if (notice !== null) onNotice(notice)
    await assertWalls(built, { rowSecurity: settings.database.rowSecurity ?? true, isMigrated: notice === null })
    const url = await listen(built, address)
    return { ...built, url }
  } catch (error) {
    await built.server.close()
    throw error
  }
}

interface WallState {
  readonly rowSecurity: boolean
  readonly isMigrated: boolean
}

/** @throws {CommandError} if what the database is to do for keeping businesses apart is not in force */
async function assertWalls({ store }: Pick<BuiltServer, 'store'>, state: WallState): Promise<void> {
  const problems = await wallProblems({ database: store.database, models: store.registry.models, ...state })
  if (problems.length === 0) return
  throw new CommandError(`Cannot start: the database does not keep businesses apart.\n  ${problems.join('\n  ')}`)
}

async function listen({ server }: BuiltServer, { host, port }: Address): Promise<string> {
  try {
    await server.listen({ host, port, listenTextResolver: (url) => `Listening at ${url}` })
  } catch (cause) {
    throw listenError(cause, { host, port })
  }
  // as: a server that listens on a port has an address of this kind
  const bound = server.server.address() as AddressInfo
  return addressUrl({ host, port: bound.port })
}

function listenError(cause: unknown, address: Address): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const at = `at ${addressUrl(address)}`
  if (code === 'EADDRINUSE') return new CommandError(`That port is already in use: cannot listen ${at}`, { cause })
  if (code === 'EACCES') return new CommandError(`You don't have permission to access that port: ${at}`, { cause })
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new CommandError(`That IP address can't be assigned to: ${at}`, { cause })
  }
  return cause
}

/** Django's notice of migrations that were not applied, or null. */
export async function pendingMigrations(
  { store }: Pick<BuiltServer, 'store'>,
  apps: readonly InstalledApp[],
): Promise<string | null> {
  const keys = await unappliedMigrations(store.database, migrationApps(apps))
  if (keys.length === 0) return null
  const names = [...new Set(keys.map((key) => key.split('.', 1)[0]))].sort().join(', ')
  return `You have ${keys.length} unapplied migration(s). Your project may not work properly until you apply the migrations for app(s): ${names}.\nRun 'node manage.ts migrate' to apply them.`
}

/** Ends the process once the server has stopped, when it is told to: by a signal, or by the loss of its parent. */
export function stopOnSignals({ server }: BuiltServer): void {
  let isStopping = false
  const stop = async (): Promise<void> => {
    if (isStopping) return
    isStopping = true
    await stopGracefully(server)
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop())
  process.on('disconnect', () => void stop())
}
