import { ApiError, type Clock } from '../../base/index.ts'
import type { Principal } from './principal.ts'

/** How long a user may change what protects the account after they have proved who they are. */
export const RECENT_MS = 15 * 60_000

/**
 * Refuses unless the user has proved who they are within the last 15 minutes, beyond having the tokens. Whoever finds an
 * open browser, or steals a token, cannot take the account over by changing what protects it. Neither can a superuser who
 * works as the user, nor a program with an API key.
 *
 * @throws {ApiError} `reauthentication_required` if it was longer ago; `permission_denied` if it is not the user
 */
export function assertRecentlyAuthenticated(
  { apiKey, impersonator, authenticatedAtMs }: Pick<Principal, 'apiKey' | 'impersonator' | 'authenticatedAtMs'>,
  clock: Clock,
): void {
  if (apiKey !== null || impersonator !== null) throw new ApiError('permission_denied')
  if (clock.now() - authenticatedAtMs > RECENT_MS) throw new ApiError('reauthentication_required')
}
