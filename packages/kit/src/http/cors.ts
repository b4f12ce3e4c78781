import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import type { HttpSettings } from '../settings/index.ts'

export function isCorsOn({ cors }: HttpSettings): boolean {
  return cors.allowAllOrigins || cors.allowedOrigins.length > 0
}

/** Lets pages of the origins in the settings call the API. */
export async function addCors(server: FastifyInstance, settings: HttpSettings): Promise<void> {
  if (!isCorsOn(settings)) return
  const { allowAllOrigins, allowedOrigins } = settings.cors
  await server.register(cors, {
    origin: allowAllOrigins ? '*' : [...allowedOrigins],
    // With cookies for any origin, any page could act as its visitor.
    credentials: !allowAllOrigins,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    exposedHeaders: ['X-Request-Id', 'Retry-After', 'Location', 'ETag'],
    maxAge: 86_400,
    // An OPTIONS that is no preflight is answered as well.
    strictPreflight: false,
  })
}
