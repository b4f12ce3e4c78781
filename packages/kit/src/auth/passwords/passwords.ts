import { hash, type Options, parseOptions, verify } from '@node-rs/argon2'

/** argon2id with OWASP's parameters: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
const PARAMETERS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const satisfies Options

/** The hash of a password that nobody knows, made with the same parameters as every other. */
export const DECOY_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$NXteC/LhloM0EkCvLGCodA$fvO5VA4TVdmkzLlFmbe6lxSxV3Fjh4CxoSWUSbrST1c'

/** Makes the hash that is stored. It runs off the main thread, for some tens of milliseconds. */
export function hashPassword(password: string): Promise<string> {
  return hash(normalize(password), PARAMETERS)
}

/**
 * Whether the password is the one that was hashed. Without a hash, or with one that is none, it is not; to find that
 * out takes as long as for any other.
 */
export async function verifyPassword(password: string, hashed: string | null): Promise<boolean> {
  const isHash = hashed !== null && parametersOf(hashed) !== null
  // Verify even when there is nothing to compare with: answering sooner would reveal which accounts exist.
  const isRight = await verify(isHash ? hashed : DECOY_HASH, normalize(password))
  return isRight && isHash
}

/** Whether a hash was made with other parameters than are used now. */
export function needsRehash(hashed: string): boolean {
  const parameters = parametersOf(hashed)
  return (
    parameters?.algorithm !== PARAMETERS.algorithm ||
    parameters.memoryCost !== PARAMETERS.memoryCost ||
    parameters.timeCost !== PARAMETERS.timeCost ||
    parameters.parallelism !== PARAMETERS.parallelism
  )
}

function parametersOf(hashed: string) {
  try {
    return parseOptions(hashed)
  } catch {
    return null // no hash of argon2
  }
}

/** One password may be typed as different code points, depending on the keyboard. */
function normalize(password: string): string {
  return password.normalize('NFC')
}
