import { hash, type Options } from '@node-rs/argon2'
import { argon2Parameters } from './argon2-hash.ts'
import { readHash } from './read-hash.ts'
import type { StoredHash } from './stored-hash.ts'

/** argon2id with OWASP's parameters: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
const PARAMETERS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const satisfies Options

/** The hash of a password that nobody knows, made with the same parameters as every other. */
export const DECOY_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$NXteC/LhloM0EkCvLGCodA$fvO5VA4TVdmkzLlFmbe6lxSxV3Fjh4CxoSWUSbrST1c'

/** Makes the hash that is stored. It runs off the main thread, for some tens of milliseconds. */
export function hashPassword(password: string, salt?: Uint8Array): Promise<string> {
  return hash(normalize(password), salt ? { ...PARAMETERS, salt } : PARAMETERS)
}

/**
 * Whether the password is the one that was hashed, here or by Django. Without a hash, or with one that is none, it is not;
 * to find that out takes as long as for any hash that was made here.
 */
export async function verifyPassword(password: string, hashed: string | null): Promise<boolean> {
  const stored = hashed === null ? null : readHash(hashed)
  // Verify even when there is nothing to compare with: answering sooner would reveal which accounts exist.
  const isRight = await matchesEither(stored ?? decoy(), password)
  return isRight && stored !== null
}

/** Whether a hash was made in another way, or with other parameters, than hashes are made now. */
export function needsRehash(hashed: string): boolean {
  const parameters = argon2Parameters(hashed)
  return (
    parameters?.algorithm !== PARAMETERS.algorithm ||
    parameters.memoryCost !== PARAMETERS.memoryCost ||
    parameters.timeCost !== PARAMETERS.timeCost ||
    parameters.parallelism !== PARAMETERS.parallelism
  )
}

/** Whether a text is a hash that passwords can be verified with, rather than, say, a password itself. */
export function isPasswordHash(text: string): boolean {
  return readHash(text) !== null
}

function decoy(): StoredHash {
  const hash = readHash(DECOY_HASH)
  if (hash === null) throw new Error('The decoy is no hash')
  return hash
}

/** As it is normalized and, as hashes made elsewhere may want it, as it was typed. */
async function matchesEither(hash: StoredHash, password: string): Promise<boolean> {
  const normal = normalize(password)
  return (await hash.matches(normal)) || (password !== normal && (await hash.matches(password)))
}

/** One password may be typed as different code points, depending on the keyboard. */
function normalize(password: string): string {
  return password.normalize('NFC')
}
