import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from '../../base/index.ts'
import type { Principal } from '../permissions/principal.ts'
import { clientOf } from './client-of.ts'

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** Whether there is anything by which `identify` could tell who it is. */
export function hasCredential({ headers }: FastifyRequest): boolean {
  return headers.authorization !== undefined || headers.cookie !== undefined
}

/**
 * Who makes a request; null: nobody says. A bearer token stands above cookies: its sender means it, while browsers send
 * cookies by themselves. So what cookies sign in, and what changes something, must show that the page means it as well.
 *
 * @throws {ApiError} `bad_authorization_header`, `token_not_valid` or `csrf_failed`
 */
export async function identify(request: FastifyRequest, reply: FastifyReply): Promise<Principal | null> {
  const { auth, csrfGuard } = request.server
  const byHeader = await auth.authenticate(request.headers.authorization, clientOf(request))
  if (byHeader !== null) return byHeader
  const principal = await identifyByCookie(request, reply)
  if (principal !== null && !SAFE_METHODS.has(request.method)) csrfGuard.assertOwn(request, principal.sessionId)
  return principal
}

async function identifyByCookie(request: FastifyRequest, reply: FastifyReply): Promise<Principal | null> {
  const { auth, sessionCookies } = request.server
  const token = sessionCookies.read(request, 'access')
  if (token === null) return null
  try {
    return await auth.authenticateCookie(token)
  } catch (error) {
    // The refresh token stays: it may give another.
    if (error instanceof ApiError && error.status === 401) sessionCookies.clear(request, reply, ['access'])
    throw error
  }
}
