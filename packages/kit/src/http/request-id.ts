import type { IncomingMessage } from 'node:http'
import { newId } from '../base/index.ts'

// Letters that need no escaping in a header, in JSON or in a log.
const SANE = /^[A-Za-z0-9._-]{1,64}$/

/** The id that the client gave in `X-Request-Id`, if it is a sane one, or else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && SANE.test(given) ? given : newId()
}
