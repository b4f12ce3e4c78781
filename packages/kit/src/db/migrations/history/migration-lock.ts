import { setTimeout as sleep } from 'node:timers/promises'
import type { Database, Session } from '../../dialects/index.ts'
import { MigrationError } from '../migration-error.ts'
import { type FileLock, lockFile } from './file-lock.ts'

export interface LockOptions {
  /** How long to wait for another process that migrates. */
  readonly timeoutMs: number
  /** Called once if there is one. */
  readonly onWait: () => void
}

const RETRY_MS = 200
/** Any number will do that nobody else takes: "bailiwic" in ASCII. */
const POSTGRESQL_KEY = 0x6261_696c_6977_6963n

/**
 * Runs `work` on a connection of its own while no other process migrates the same database. The lock lives with the
 * connection (on SQLite with an open file beside the database), so a process that dies leaves none behind.
 */
export async function withMigrationLock<Result>(
  database: Database,
  options: LockOptions,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const session = await database.session()
  let held: FileLock | null = null
  try {
    if (database.dialect === 'sqlite') held = await lockBeside(session, options)
    else await retryUntil(options, () => tryLock(session, database.dialect))
    return await work(session)
  } finally {
    // The session's end frees the locks of PostgreSQL and MySQL.
    await session.release()
    held?.release()
  }
}

async function lockBeside(session: Session, options: LockOptions): Promise<FileLock> {
  const { rows } = await session.execute({ sql: 'pragma database_list' })
  const path = `${String(rows[0]?.[2])}-migrating`
  return retryUntil(options, async () => lockFile(path))
}

async function tryLock(session: Session, dialect: Database['dialect']): Promise<true | null> {
  const sql =
    dialect === 'postgresql'
      ? `select pg_try_advisory_lock(${POSTGRESQL_KEY})::int`
      : "select get_lock(concat('bailiwick_', sha1(database())), 0)"
  const { rows } = await session.execute({ sql })
  return String(rows[0]?.[0]) === '1' ? true : null
}

async function retryUntil<Held>(
  { timeoutMs, onWait }: LockOptions,
  attempt: () => Promise<Held | null>,
): Promise<Held> {
  for (let waitedMs = 0; ; waitedMs += RETRY_MS) {
    const held = await attempt()
    if (held !== null) return held
    if (waitedMs === 0) onWait()
    if (waitedMs >= timeoutMs) {
      throw new MigrationError(
        `Another process has been migrating this database for ${Math.round(timeoutMs / 1000)} seconds. Try again when it is done.`,
      )
    }
    await sleep(RETRY_MS)
  }
}
