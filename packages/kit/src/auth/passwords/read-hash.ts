import { readArgon2Hash } from './argon2-hash.ts'
import { readBcryptHash, readPbkdf2Hash, readScryptHash } from './django-hashes.ts'
import type { StoredHash } from './stored-hash.ts'

/** Long enough for every form that is known. */
const LONGEST = 255

const READERS: readonly ((stored: string) => StoredHash | null)[] = [
  readArgon2Hash,
  readPbkdf2Hash,
  readBcryptHash,
  readScryptHash,
]

/**
 * Reads a hash of any form that is known: argon2 as it is made here, and Django's `argon2`, `pbkdf2_sha256`,
 * `pbkdf2_sha1`, `bcrypt_sha256`, `bcrypt` and `scrypt`. Null if it is none, if it is marked unusable (`!`), or if it asks
 * for more work or memory than any honest one: such a hash would let whoever wrote it bring a server to a standstill.
 */
export function readHash(stored: string): StoredHash | null {
  if (stored.length > LONGEST) return null
  for (const read of READERS) {
    const hash = read(stored)
    if (hash !== null) return hash
  }
  return null
}
