import type { FastifyInstance, FastifyRequest } from 'fastify'
import { refuse } from '../auth/index.ts'
import { JSON_CONTENT_TYPE, type QueryParameters } from '../http/index.ts'
import { refuseBody, refuseParameters } from './detail-parameters.ts'
import type { Endpoint } from './endpoint.ts'
import { readForms, uploadLimit } from './upload.ts'

/** Serves endpoints: each asks its permission first, refuses what it does not take, then answers. */
export function serveEndpoints(server: FastifyInstance, endpoints: readonly Endpoint[]): void {
  for (const endpoint of endpoints) {
    if (endpoint.upload) serveUpload(server, endpoint)
    else serveEndpoint(server, endpoint)
  }
}

/** In a scope of its own, as other endpoints read no forms. Large bodies are not read from whoever may not send them. */
function serveUpload(server: FastifyInstance, endpoint: Endpoint): void {
  server.register(async (scope) => {
    readForms(scope)
    scope.addHook('onRequest', async (request) => assertAllowed(endpoint, request))
    serveEndpoint(scope, endpoint)
  })
}

function serveEndpoint(server: FastifyInstance, endpoint: Endpoint): void {
  const { method, path, permission, handle, upload, answer } = endpoint
  const takesParameters = endpoint.parameters.length > 0
  const takesBody = endpoint.body !== null || upload !== undefined
  server.route({
    method,
    url: path,
    config: { permission, app: endpoint.tag },
    ...(upload && { bodyLimit: uploadLimit(upload) }),
    handler: async (request, reply) => {
      assertAllowed(endpoint, request)
      if (!takesParameters) refuseParameters(request.query as QueryParameters) // as: the server parses queries so
      if (!takesBody && !endpoint.expectsVersion) refuseBody(request.body)
      const content = await handle(request, reply)
      reply.header('content-type', answer.contentType ?? JSON_CONTENT_TYPE)
      return reply.send(content)
    },
  })
}

function assertAllowed({ permission, action, method }: Endpoint, { principal }: FastifyRequest): void {
  const refusal = refuse(permission, { principal, action, method })
  if (refusal) throw refusal
}
