import type { FastifyReply, FastifyRequest } from 'fastify'
import { decodeJwt } from 'jose'
import { ApiError, validationError } from '../../base/index.ts'
import type { SessionTokens } from '../sessions/refresh.ts'
import { principalOf } from './authenticate-requests.ts'
import { clientOf } from './client-of.ts'
import { type DeliveredTokens, deliverTokens } from './deliver-tokens.ts'

/**
 * Gives new tokens for a refresh token: for that of the body, or without one for that in the cookie.
 *
 * @throws {ApiError} `token_not_valid`, and then takes the dead cookies away; `csrf_failed`; `validation_failed` if neither is there
 */
export async function renewTokens(
  request: FastifyRequest,
  reply: FastifyReply,
  given: string | null,
): Promise<DeliveredTokens<SessionTokens>> {
  const { auth } = request.server
  if (given !== null) return deliverTokens(request, reply, await auth.refresh(given, clientOf(request)))
  return deliverTokens(request, reply, await renewByCookie(request, reply))
}

async function renewByCookie(request: FastifyRequest, reply: FastifyReply): Promise<SessionTokens> {
  const { auth, csrfGuard, sessionCookies } = request.server
  const token = sessionCookies.read(request, 'refresh')
  if (token === null) throw validationError({ refresh: ['This field is required.'] })
  try {
    // That the token is ours is seen when it is renewed: a page that could plant one could not know what fits it.
    csrfGuard.assertOwn(request, sessionOf(token))
    return await auth.refresh(token, { ...clientOf(request), transport: 'cookies' })
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) sessionCookies.clear(request, reply)
    throw error
  }
}

function sessionOf(token: string): string {
  try {
    return String(decodeJwt(token).sid)
  } catch (cause) {
    throw new ApiError('token_not_valid', { cause })
  }
}

/** Takes the cookies of a session that has ended away; of a session without any, nothing. */
export function forgetCookies(request: FastifyRequest, reply: FastifyReply): void {
  if (principalOf(request).transport === 'cookies') request.server.sessionCookies.clear(request, reply)
}

/**
 * The token that a page sends in `X-CSRFToken`, for a page of another origin: it cannot read the cookie. Null in a session
 * without cookies, which needs none.
 */
export function renewCsrfToken(request: FastifyRequest): string | null {
  const { transport, sessionId } = principalOf(request)
  return transport === 'cookies' ? request.server.csrfGuard.tokenFor(sessionId) : null
}
