import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiError } from '../base/index.ts'

const DEEPEST = 100

/**
 * Makes JSON in UTF-8 the one type of body that is read. An empty body is `undefined`, for the view to judge; keys that
 * would reach into prototypes are refused.
 */
export function readJsonBodies(server: FastifyInstance): void {
  const parseSafely = server.getDefaultJsonParser('error', 'error')
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (body.length === 0) return done(null, undefined)
    const unreadable = unreadableForm(request)
    if (unreadable) return done(unreadable)
    if (!isUtf8(body)) return done(parseError('invalid UTF-8'))
    if (isDeeperThan(body, DEEPEST)) return done(parseError(`nested more than ${DEEPEST} levels deep`))
    const text = body.toString('utf8')
    return parseSafely(request, text, (error, value) => (error ? done(parseError(faultOf(text))) : done(null, value)))
  })
}

const LONGEST_ECHO = 100

/** Read as what it is not, a body would mean something else than its sender meant. */
function unreadableForm({ headers }: FastifyRequest): ApiError | null {
  const { 'content-encoding': encoding = 'identity', 'content-type': type = '' } = headers
  if (encoding.toLowerCase() !== 'identity') {
    return unsupported(`Unsupported content encoding "${encoding.slice(0, LONGEST_ECHO)}" in request.`)
  }
  const [, charset = 'utf-8'] = /;\s*charset="?([^";\s]*)/i.exec(type) ?? []
  return /^utf-?8$|^us-ascii$/i.test(charset)
    ? null
    : unsupported(`Unsupported charset "${charset.slice(0, LONGEST_ECHO)}" in request.`)
}

const unsupported = (message: string): ApiError => new ApiError('unsupported_media_type', { message })

const QUOTE = 0x22
const BACKSLASH = 0x5c
const BRACE_BIT = 0x20 // sets a square bracket apart from a curly one: with it, `[` is `{` and `]` is `}`
const OPENING = 0x7b
const CLOSING = 0x7d

/** Tells by its brackets alone how deep JSON nests, before anything builds or walks it. */
export function isDeeperThan(json: Uint8Array, limit: number): boolean {
  let depth = 0
  let isInString = false
  for (let index = 0; index < json.length; index++) {
    const byte = json[index] ?? 0
    if (isInString) {
      if (byte === BACKSLASH) index += 1
      else if (byte === QUOTE) isInString = false
    } else if (byte === QUOTE) isInString = true
    else if ((byte | BRACE_BIT) === OPENING && ++depth > limit) return true
    else if ((byte | BRACE_BIT) === CLOSING) depth -= 1
  }
  return false
}

function parseError(fault: string): ApiError {
  return new ApiError('parse_error', { message: `JSON parse error - ${fault}` })
}

/** The engine's words, without the piece of the body that it quotes: that may be a password. */
function faultOf(text: string): string {
  try {
    JSON.parse(text)
    return 'a key that is not allowed: __proto__, or constructor with prototype'
  } catch (error) {
    const words = error instanceof Error ? error.message : 'malformed'
    return words.replace(/, (\.\.\.)?".*"(\.\.\.)? is not valid JSON$/s, '')
  }
}
