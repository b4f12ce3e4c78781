import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from '../base/index.ts'
import { apiErrorOf } from './api-error-of.ts'
import { errorEnvelope, JSON_CONTENT_TYPE } from './envelope.ts'

const BIGGEST_BODY_TO_READ_AWAY = 64 * 1024 * 1024

/** Answers any error with the envelope. What the client is not told is in the log, under the request id. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = apiErrorOf(error, request)
  logRefusal(refusal, request)
  reply.code(refusal.status).headers({ 'cache-control': 'no-store', ...refusal.headers })
  if (refusal.status === 401 && !reply.hasHeader('www-authenticate')) {
    reply.header('www-authenticate', 'Bearer realm="api"')
  }
  if (refusal.status === 413) keepListening(request, reply)
  return reply.type(JSON_CONTENT_TYPE).send(JSON.stringify(errorEnvelope(refusal, request.id)))
}

/** Refuses a path that no route answers, or not with this method. */
export function refuseUnrouted(request: FastifyRequest, allowed: readonly string[]): ApiError {
  if (allowed.length === 0 || allowed.includes(request.method)) return new ApiError('not_found')
  return new ApiError('method_not_allowed', {
    message: `Method "${request.method}" not allowed.`,
    headers: { allow: allowed.join(', ') },
  })
}

function logRefusal(refusal: ApiError, request: FastifyRequest): void {
  const err = refusal.cause ?? refusal
  if (refusal.code === 'internal_error') request.log.error({ err }, 'unforeseen error')
  else if (refusal.status >= 500) request.log.warn({ err }, refusal.message)
}

/**
 * Fastify closes the connection upon a body that is too large. Closed while the client still sends, the client never
 * gets to read why: so a body of a known and bearable size is read away.
 */
function keepListening(request: FastifyRequest, reply: FastifyReply): void {
  const length = Number(request.headers['content-length'])
  if (length <= BIGGEST_BODY_TO_READ_AWAY) reply.removeHeader('connection')
}
