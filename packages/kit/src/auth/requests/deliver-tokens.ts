import type { FastifyReply, FastifyRequest } from 'fastify'
import { decodeJwt } from 'jose'
import { ApiError } from '../../base/index.ts'
import { DEVICE_TRUST_MS } from '../factors/trusted-devices.ts'
import type { Transport } from '../permissions/principal.ts'
import { clientOf } from './client-of.ts'

/** What holds the tokens of a session, or null for them where there are none yet. */
export interface DeliverableTokens {
  readonly access: string | null
  readonly refresh: string | null
  readonly transport: Transport
  /** What spares the device the second factor from now on. */
  readonly device_token?: string | null
}

/** What is left for the answer. */
export type DeliveredTokens<Output extends DeliverableTokens> = Output extends DeliverableTokens
  ? Omit<Output, 'access' | 'refresh' | 'transport'> & {
      readonly access: string | null
      readonly refresh: string | null
      /** With cookies: what the page sends in `X-CSRFToken`. */
      readonly csrf_token: string | null
    }
  : never

/**
 * Hands the tokens of a session to whoever made the request, in the way of the session: in the answer, or in cookies. In
 * cookies only to pages that may have them, so that no other site signs its visitors in as somebody else. A session whose
 * cookies are replaced ends: nobody but a thief could use it any more.
 *
 * @throws {ApiError} `csrf_failed`
 */
export async function deliverTokens<Output extends DeliverableTokens>(
  request: FastifyRequest,
  reply: FastifyReply,
  output: Output,
): Promise<DeliveredTokens<Output>> {
  const { access, refresh, transport, ...rest } = output
  const isInCookies = transport === 'cookies' && access !== null && refresh !== null
  const shown = isInCookies
    ? {
        ...NOT_SHOWN,
        csrf_token: await setCookies(request, reply, { access, refresh, device: output.device_token ?? null }),
      }
    : { access, refresh, csrf_token: null }
  return { ...rest, ...shown } as unknown as DeliveredTokens<Output> // as: just what the type says, for each of a union
}

const NOT_SHOWN = { access: null, refresh: null, device_token: null }

async function setCookies(
  request: FastifyRequest,
  reply: FastifyReply,
  { access, refresh, device }: { readonly access: string; readonly refresh: string; readonly device: string | null },
): Promise<string> {
  const { sessionCookies, csrfGuard } = request.server
  csrfGuard.assertOrigin(request)
  const { sid, exp = 0 } = decodeJwt<{ sid: string }>(access)
  await endReplaced(request, sid)
  const token = csrfGuard.tokenFor(sid)
  const refreshExpiresAtMs = (decodeJwt(refresh).exp ?? 0) * 1000
  sessionCookies.set(request, reply, {
    access: { value: access, expiresAtMs: exp * 1000 },
    refresh: { value: refresh, expiresAtMs: refreshExpiresAtMs },
    // It outlives the access token, since renewing that takes it as well.
    csrf: { value: token, expiresAtMs: refreshExpiresAtMs },
    ...(device !== null && { device: { value: device, expiresAtMs: request.ctx.store.clock.now() + DEVICE_TRUST_MS } }),
  })
  return token
}

async function endReplaced(request: FastifyRequest, sessionId: string): Promise<void> {
  const { auth, sessionCookies } = request.server
  const token = sessionCookies.read(request, 'access')
  if (token === null) return
  const replaced = await auth.authenticateCookie(token).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 401) return null
    throw error
  })
  if (replaced !== null && replaced.sessionId !== sessionId) await auth.logout(replaced, clientOf(request))
}

/** What spares a device the second factor: in the body, or in a cookie of pages that sign in by cookies. */
export function deviceTokenOf(
  request: FastifyRequest,
  { transport, device_token = null }: { readonly transport?: Transport; readonly device_token?: string | null },
): string | null {
  if (device_token !== null || transport !== 'cookies') return device_token
  return request.server.sessionCookies.read(request, 'device')
}
