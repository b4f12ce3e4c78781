import { type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { queryFigures } from './query-log.ts'
import { redactUrl } from './redact.ts'

/** Logs each request once, when it has been answered. Errors are logged by the error handler. */
export class RequestLog extends LogController {
  constructor() {
    super({ requestIdLogLabel: 'request_id' })
  }

  override incomingRequest(): void {}

  override routeNotFound(): void {}

  override requestCompleted(_error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    logRequest(request, reply)
  }
}

/** Writes the one line of a request. */
export function logRequest(request: FastifyRequest, reply: FastifyReply): void {
  const { method, url } = request.raw
  const ms = Math.round(reply.elapsedTime * 10) / 10
  const fields = { method, path: redactUrl(url ?? ''), status: reply.statusCode, ms, ...queryFigures(request) }
  request.log.info({ ...fields, ip: request.ip }, 'request')
}
