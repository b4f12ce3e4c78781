import type { FastifyReply, FastifyRequest } from 'fastify'
import { decodeJwt } from 'jose'
import type { Transport } from '../permissions/principal.ts'

/** What holds the tokens of a session, or null for them where there are none yet. */
export interface DeliverableTokens {
  readonly access: string | null
  readonly refresh: string | null
  readonly transport: Transport
}

/** What is left for the answer. */
export type DeliveredTokens<Output extends DeliverableTokens> = Output extends DeliverableTokens
  ? Omit<Output, keyof DeliverableTokens> & {
      readonly access: string | null
      readonly refresh: string | null
      /** With cookies: what the page sends in `X-CSRFToken`. */
      readonly csrf_token: string | null
    }
  : never

/**
 * Hands the tokens of a session to whoever made the request, in the way of the session: in the answer, or in cookies. In
 * cookies only to pages that may have them, so that no other site signs its visitors in as somebody else.
 *
 * @throws {ApiError} `csrf_failed`
 */
export function deliverTokens<Output extends DeliverableTokens>(
  request: FastifyRequest,
  reply: FastifyReply,
  output: Output,
): DeliveredTokens<Output> {
  const { access, refresh, transport, ...rest } = output
  const isInCookies = transport === 'cookies' && access !== null && refresh !== null
  const shown = isInCookies
    ? { access: null, refresh: null, csrf_token: setCookies(request, reply, { access, refresh }) }
    : { access, refresh, csrf_token: null }
  return { ...rest, ...shown } as unknown as DeliveredTokens<Output> // as: just what the type says, for each of a union
}

function setCookies(
  request: FastifyRequest,
  reply: FastifyReply,
  { access, refresh }: { readonly access: string; readonly refresh: string },
): string {
  const { sessionCookies, csrfGuard } = request.server
  csrfGuard.assertOrigin(request)
  const { sid, exp = 0 } = decodeJwt<{ sid: string }>(access)
  const token = csrfGuard.tokenFor(sid)
  const refreshExpiresAtMs = (decodeJwt(refresh).exp ?? 0) * 1000
  sessionCookies.set(request, reply, {
    access: { value: access, expiresAtMs: exp * 1000 },
    refresh: { value: refresh, expiresAtMs: refreshExpiresAtMs },
    // It outlives the access token, since renewing that takes it as well.
    csrf: { value: token, expiresAtMs: refreshExpiresAtMs },
  })
  return token
}
