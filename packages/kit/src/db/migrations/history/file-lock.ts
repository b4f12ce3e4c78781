import { statSync, unlinkSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

export interface FileLock {
  release(): void
}

/**
 * Locks a file between processes, or answers null if another has it. Node has no file locks of its own; an empty SQLite
 * database held in an exclusive transaction is one, and the system frees it when the process ends, however it ends.
 */
export function lockFile(path: string): FileLock | null {
  const connection = new DatabaseSync(path, { timeout: 0 })
  try {
    const before = inodeOf(path)
    connection.exec('begin exclusive')
    // The one before may have removed the file that we hold while a third made another under the name.
    if (before !== null && before === inodeOf(path)) return { release: () => release(connection, path) }
  } catch (error) {
    if (!isBusy(error)) throw error
  }
  connection.close()
  return null
}

function release(connection: DatabaseSync, path: string): void {
  try {
    // Removed while it is still locked, so that nobody else can be holding it.
    unlinkSync(path)
  } catch {
    // Windows removes no open file: an empty one stays.
  }
  connection.close()
}

function inodeOf(path: string): bigint | null {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? null
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5
}
