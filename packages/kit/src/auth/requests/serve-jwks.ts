import type { FastifyInstance } from 'fastify'
import type { Auth } from '../auth.ts'

/** What a set of keys is (RFC 7517, section 8.5.2). */
export const JWKS_CONTENT_TYPE = 'application/jwk-set+json'

/** For how long others may go by what they fetched. A new key is published that long before it signs. */
export const JWKS_CACHE_CONTROL = 'public, max-age=300'

/** The public keys as a set; an empty one with HS256, which has none. */
export const jwksText = ({ publicKeys }: Auth): string => JSON.stringify({ keys: publicKeys })

/** Serves the public keys where those look who only know the address of the server. */
export function installJwks(server: FastifyInstance, auth: Auth): void {
  const text = jwksText(auth)
  server.get('/.well-known/jwks.json', (_request, reply) => {
    reply.headers({ 'content-type': JWKS_CONTENT_TYPE, 'cache-control': JWKS_CACHE_CONTROL })
    return reply.send(text)
  })
}
