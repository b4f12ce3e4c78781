import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { ApiError, SecretBox } from '../../base/index.ts'
import type { Settings } from '../../settings/index.ts'

type Request = Pick<FastifyRequest, 'headers' | 'protocol' | 'host'>

const HEADER = 'x-csrftoken'
const PURPOSE = 'csrf'
const NONCE_BYTES = 16
const TOKEN = /^([A-Za-z0-9_-]{22})\.([0-9a-f]{64})$/
const LONGEST_ECHO = 200

/**
 * Keeps pages of other sites from acting with a visitor's cookies, which browsers send along by themselves.
 *
 * Two defences stand behind one another. The page must be of an origin that is allowed, as the browser tells. And it must
 * know the token of the session, which a page of another origin cannot read: a nonce with its HMAC for that session, so
 * that nothing is kept, and the token of one session is worth nothing in another.
 *
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export class CsrfGuard {
  readonly #box: SecretBox
  readonly #isDebug: boolean
  readonly #trusted: readonly OriginPattern[]

  constructor({ debug, http, secrets }: Pick<Settings, 'debug' | 'http' | 'secrets'>) {
    this.#box = new SecretBox([secrets.key, ...secrets.keyFallbacks])
    this.#isDebug = debug
    this.#trusted = http.csrfTrustedOrigins.map(patternOf)
  }

  tokenFor(sessionId: string): string {
    const nonce = randomBytes(NONCE_BYTES).toString('base64url')
    return `${nonce}.${this.#box.digest(`${sessionId} ${nonce}`, PURPOSE)}`
  }

  /** @throws {ApiError} `csrf_failed` */
  assertOwn(request: Request, sessionId: string): void {
    this.assertOrigin(request)
    this.#assertToken(request, sessionId)
  }

  /** @throws {ApiError} `csrf_failed` */
  assertOrigin(request: Request): void {
    const problem = this.originProblem(request)
    if (problem !== null) throw problem
  }

  /** Null if the browser says that the page is ours, or of an origin that is trusted. */
  originProblem(request: Request): ApiError | null {
    const { origin, referer, 'sec-fetch-site': site } = request.headers
    if (origin !== undefined) {
      return this.#isAllowed(request, origin) ? null : failed(`Origin checking failed - ${cut(origin)} ${NO_MATCH}`)
    }
    if (site === 'same-origin') return null
    // Browsers send one of the two with what changes something; what sends neither is none, and has no use for cookies.
    if (referer === undefined) return failed('Referer checking failed - no Referer.')
    const from = URL.parse(referer)?.origin
    if (from === undefined || from === 'null') return failed('Referer checking failed - Referer is malformed.')
    return this.#isAllowed(request, from) ? null : failed(`Referer checking failed - ${cut(from)} ${NO_MATCH}`)
  }

  #assertToken({ headers }: Request, sessionId: string): void {
    const given = headers[HEADER]
    if (given === undefined) throw failed('CSRF token missing.')
    const [, nonce = '', mac = ''] = TOKEN.exec(String(given)) ?? []
    const isOwn =
      nonce !== '' && this.#box.digests(`${sessionId} ${nonce}`, PURPOSE).some((digest) => isSame(digest, mac))
    if (!isOwn) throw failed("CSRF token from the 'X-Csrftoken' HTTP header incorrect.")
  }

  /** Without DEBUG cookies travel by https alone, whatever a proxy that nobody told us of makes of it. */
  #isAllowed({ protocol, host }: Request, origin: string): boolean {
    const own = URL.parse(`${this.#isDebug ? protocol : 'https'}://${host}`)?.origin
    return origin === own || this.#trusted.some((matches) => matches(origin))
  }
}

const NO_MATCH = 'does not match any trusted origins.'

type OriginPattern = (origin: string) => boolean

/** As in Django, `https://*.example.com` is every subdomain, and the domain itself. */
function patternOf(trusted: string): OriginPattern {
  const isWild = trusted.includes('://*.')
  const domain = URL.parse(trusted.replace('://*.', '://'))
  if (!isWild || domain === null) return (origin) => origin === domain?.origin
  return (origin) => {
    const { protocol, host, origin: exact } = URL.parse(origin) ?? {}
    const isUnder = host === domain.host || host?.endsWith(`.${domain.host}`) === true
    return exact === origin && protocol === domain.protocol && isUnder
  }
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
}

function cut(text: string): string {
  return text.slice(0, LONGEST_ECHO)
}

function failed(reason: string): ApiError {
  return new ApiError('csrf_failed', { message: `CSRF Failed: ${reason}` })
}
