import type { FastifyInstance } from 'fastify'
import { refuse } from '../auth/index.ts'
import { JSON_CONTENT_TYPE } from '../http/index.ts'
import type { Endpoint } from './endpoint.ts'

/** Serves endpoints: each asks its permission first, then answers. */
export function serveEndpoints(server: FastifyInstance, endpoints: readonly Endpoint[]): void {
  for (const endpoint of endpoints) {
    const { method, path, permission, action, handle } = endpoint
    server.route({
      method,
      url: path,
      config: { permission },
      handler: async (request, reply) => {
        const refusal = refuse(permission, { principal: request.principal, action, method })
        if (refusal) throw refusal
        const text = await handle(request, reply)
        reply.header('content-type', JSON_CONTENT_TYPE)
        return reply.send(text)
      },
    })
  }
}
