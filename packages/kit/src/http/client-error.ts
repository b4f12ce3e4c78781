import { type Server, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { ERROR_CODES, type ErrorCode, newId } from '../base/index.ts'
import { errorEnvelope, JSON_CONTENT_TYPE } from './envelope.ts'

const CODES: Readonly<Record<string, ErrorCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'payload_too_large',
}

const LINGER_MS = 1000

/** Answers what the HTTP parser could not read as a request, in the envelope as well, and hangs up. */
export function answerClientError(
  error: Error & { readonly code?: string },
  socket: Socket,
  headers: Readonly<Record<string, string>>,
): void {
  // What still comes in after the answer fails to parse as well.
  if (socket.destroyed || socket.writableEnded) return
  if (error.code === 'ECONNRESET' || hasBegunToAnswer(socket)) socket.destroy()
  else hangUp(socket, CODES[error.code ?? ''] ?? 'parse_error', headers)
}

/**
 * Answers what Node would answer itself, and not in the envelope: an `Expect` that it does not know, which may be
 * passed over, and `CONNECT`, which is for proxies.
 */
export function answerOddRequests(server: Server, headers: Readonly<Record<string, string>>): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
  server.on('connect', (_request, socket) => hangUp(socket, 'method_not_allowed', headers))
}

function hangUp(socket: Duplex, code: ErrorCode, headers: Readonly<Record<string, string>>): void {
  socket.on('error', () => socket.destroy())
  socket.end(rawAnswer(code, headers))
  // Destroyed at once, with input unread, the connection would be reset before the client has read the answer.
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}

function rawAnswer(code: ErrorCode, headers: Readonly<Record<string, string>>): string {
  const { status, message } = ERROR_CODES[code]
  const requestId = newId()
  const body = JSON.stringify(errorEnvelope({ code, message, errors: {} }, requestId))
  const lines = Object.entries({
    ...headers,
    'x-request-id': requestId,
    'content-type': JSON_CONTENT_TYPE,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`
}

/** A second status line in the middle of an answer would be read as a part of it. */
function hasBegunToAnswer(socket: Socket): boolean {
  // Node keeps the response that the socket is on under this name, and looks at it for the same reason.
  const { _httpMessage: response } = socket as Socket & { _httpMessage?: { readonly headersSent: boolean } | null }
  return response?.headersSent ?? false
}
