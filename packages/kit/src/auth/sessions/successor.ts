import { SecretBox } from '../../base/index.ts'
import type { TokenPair } from '../tokens/tokens.ts'

/**
 * Seals a pair with the refresh token that it was given for: a client that lost the answer still has that token, and the
 * server has neither. So nobody reads the pair out of the database, whatever other secrets they hold.
 */
export function sealSuccessor(pair: TokenPair, token: string): string {
  return boxOf(token).seal(JSON.stringify([pair.access, pair.refresh]), PURPOSE)
}

/** @throws {Error} if the pair was not sealed with that token */
export function openSuccessor(sealed: string, token: string): TokenPair {
  const [access, refresh] = JSON.parse(boxOf(token).open(sealed, PURPOSE)) as [string, string] // as: `sealSuccessor` made it
  return { access, refresh }
}

const PURPOSE = 'successor'

const boxOf = (token: string): SecretBox => new SecretBox([token])
