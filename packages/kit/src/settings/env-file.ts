import { existsSync } from 'node:fs'

/** Adds the names of an env file to `process.env`, which keeps what it already has. Tells whether the file was there. */
export function loadEnvFile(path: string): boolean {
  if (!existsSync(path)) return false
  process.loadEnvFile(path)
  return true
}
