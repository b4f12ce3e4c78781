import type { FastifyInstance } from 'fastify'
import { refuse } from '../auth/index.ts'
import { JSON_CONTENT_TYPE, type QueryParameters } from '../http/index.ts'
import { refuseBody, refuseParameters } from './detail-parameters.ts'
import type { Endpoint } from './endpoint.ts'

/** Serves endpoints: each asks its permission first, refuses what it does not take, then answers. */
export function serveEndpoints(server: FastifyInstance, endpoints: readonly Endpoint[]): void {
  for (const endpoint of endpoints) {
    const { method, path, permission, action, handle } = endpoint
    const takesParameters = endpoint.parameters.length > 0
    const takesBody = endpoint.body !== null
    server.route({
      method,
      url: path,
      config: { permission },
      handler: async (request, reply) => {
        const refusal = refuse(permission, { principal: request.principal, action, method })
        if (refusal) throw refusal
        if (!takesParameters) refuseParameters(request.query as QueryParameters) // as: the server parses queries so
        if (!takesBody && !endpoint.expectsVersion) refuseBody(request.body)
        const text = await handle(request, reply)
        reply.header('content-type', JSON_CONTENT_TYPE)
        return reply.send(text)
      },
    })
  }
}
