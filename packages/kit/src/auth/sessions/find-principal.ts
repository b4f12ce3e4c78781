import { ApiError } from '../../base/index.ts'
import type { Principal, Transport } from '../permissions/principal.ts'
import type { Tokens } from '../tokens/tokens.ts'
import { type NoteUseParts, noteUse } from './note-use.ts'
import type { RevocationFeed } from './revocation-feed.ts'
import type { SessionMemory } from './session-memory.ts'

export interface FindPrincipalParts extends NoteUseParts {
  readonly tokens: Tokens
  readonly feed: RevocationFeed
  readonly memory: SessionMemory
}

export interface PresentedAccess {
  readonly token: string
  /** How it was given; one that was given otherwise than its session wants is not taken. */
  readonly transport: Transport
}

/** Whose an access token is, if its session goes on. @throws {ApiError} `token_not_valid` */
export async function findPrincipal(
  { tokens, feed, memory, ...parts }: FindPrincipalParts,
  { token, transport }: PresentedAccess,
): Promise<Principal> {
  const claims = await tokens.verifyAccess(token)
  await feed.catchUp()
  const session = await memory.find(claims)
  if (session?.principal.transport !== transport) throw new ApiError('token_not_valid')
  const noting = noteUse(parts, session, claims)
  if (noting !== null) await noting
  return session.principal
}
