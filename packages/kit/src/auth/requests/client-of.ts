import type { FastifyRequest } from 'fastify'
import type { Client } from '../models/client.ts'

/** From where and in which request somebody calls. */
export function clientOf(request: FastifyRequest): Client {
  const { ip, requestId, queryLog } = request
  return { ip, userAgent: request.headers['user-agent'] ?? null, requestId, queryLog }
}
