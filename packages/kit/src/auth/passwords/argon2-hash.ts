import { type ParsedHashOptions, parseOptions, verify } from '@node-rs/argon2'
import type { StoredHash } from './stored-hash.ts'

/** Django's default is 100 MiB, in two passes, of 8 lanes. */
const MOST_MEMORY_KIB = 262_144
const MOST_PASSES = 16
const MOST_WORK_KIB = 1_048_576
const MOST_LANES = 16

/** Reads a hash of argon2id, argon2i or argon2d, as it is made here or with Django's `argon2` before it. */
export function readArgon2Hash(stored: string): StoredHash | null {
  const encoded = stored.startsWith('argon2$') ? stored.slice('argon2'.length) : stored
  const parameters = argon2Parameters(encoded)
  if (parameters === null || !isBearable(parameters)) return null
  return { matches: (password) => verify(encoded, password).catch(() => false) }
}

/** The parameters that a hash was made with; null if it is none of argon2. */
export function argon2Parameters(encoded: string): ParsedHashOptions | null {
  if (!encoded.startsWith('$argon2')) return null
  try {
    return parseOptions(encoded)
  } catch {
    return null // no hash of argon2
  }
}

function isBearable({ memoryCost, timeCost, parallelism }: ParsedHashOptions): boolean {
  return (
    memoryCost <= MOST_MEMORY_KIB &&
    timeCost <= MOST_PASSES &&
    memoryCost * timeCost <= MOST_WORK_KIB &&
    parallelism <= MOST_LANES
  )
}
