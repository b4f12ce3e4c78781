import { randomBytes } from 'node:crypto'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DatabaseOptions, openDatabase, type TestDatabase } from '../../db/index.ts'

/** A database as it was, to be had again and again. */
export interface Snapshot {
  /** A copy of its own. */
  open(): Promise<TestDatabase>
  drop(): Promise<void>
}

/** Keeps what a database holds. On PostgreSQL nobody may be connected to it meanwhile, and it is gone afterwards. */
export async function takeSnapshot({ database, options }: TestDatabase): Promise<Snapshot> {
  if (options.dialect === 'sqlite')
    return snapshotFile(options, (path) => database.execute({ sql: `vacuum into '${path}'` }))
  throw new TypeError(`Cannot take a snapshot of ${options.dialect}`)
}

async function snapshotFile(options: DatabaseOptions, write: (path: string) => Promise<unknown>): Promise<Snapshot> {
  const folder = await mkdtemp(join(tmpdir(), 'bw-snapshot-'))
  const kept = join(folder, 'kept.sqlite3')
  await write(kept)
  return {
    open: async () => {
      const name = join(folder, `${randomBytes(8).toString('hex')}.sqlite3`)
      await copyFile(kept, name)
      const own = { ...options, name }
      const database = await openDatabase(own)
      const drop = async (): Promise<void> => {
        await database.close()
        await rm(name, { force: true })
      }
      return { database, options: own, adminOptions: own, drop }
    },
    drop: () => rm(folder, { recursive: true, force: true }),
  }
}
