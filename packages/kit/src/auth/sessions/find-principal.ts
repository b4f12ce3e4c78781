import { ApiError } from '../../base/index.ts'
import { createContext } from '../../db/index.ts'
import type { Principal, Transport } from '../permissions/principal.ts'
import { hashToken, type Tokens } from '../tokens/tokens.ts'
import { findLiveSession } from './live-session.ts'
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
  /** How it was given; one that was given otherwise than its session wants is not taken. Left out: anyhow. */
  readonly transport?: Transport
}

/** Whose an access token is, if its session goes on. @throws {ApiError} `token_not_valid` */
export async function findPrincipal(
  parts: FindPrincipalParts,
  { token, transport }: PresentedAccess,
): Promise<Principal> {
  const claims = await parts.tokens.verifyAccess(token)
  await parts.feed.catchUp()
  const session = await parts.memory.find(claims)
  if (session === null) throw new ApiError('token_not_valid')
  const { principal } = session
  if (transport !== undefined && principal.transport !== transport) throw new ApiError('token_not_valid')
  const noting = noteUse(parts, session, claims)
  if (noting !== null) await noting
  return principal
}

/** Whether an access token, or a refresh token, would be taken now; nothing is used up. @throws {ApiError} `token_not_valid` */
export async function verifyToken(parts: FindPrincipalParts, token: string): Promise<void> {
  const { tokens, store, models } = parts
  const claims = await tokens.verifyRefresh(token).catch(() => null)
  if (claims === null) {
    await findPrincipal(parts, { token })
    return
  }
  const live = await findLiveSession(claims, { store, models, nowMs: store.clock.now() })
  const outside = createContext(store, { actor: null, business: null, requestId: 'verify-token' })
  const present = { id: claims.sessionId, refresh_hash: hashToken(token) }
  if (live === null || !(await outside.query(models.session).filter(present).exists())) {
    throw new ApiError('token_not_valid')
  }
}
