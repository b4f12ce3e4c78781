import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../base/index.ts'
import type { CookieSameSite, Settings } from '../../settings/index.ts'
import { type NewCookie, readCookie, setCookieText } from './cookie-header.ts'

export type CookieKind = 'access' | 'refresh' | 'csrf' | 'device'

export interface CookieValue {
  readonly value: string
  readonly expiresAtMs: number
}

type Request = Pick<FastifyRequest, 'headers' | 'protocol'>

const SAME_SITE = { lax: 'Lax', strict: 'Strict', none: 'None' } as const satisfies Record<CookieSameSite, string>

/** The refresh token goes nowhere but where it is of use: what sees the other requests never sees it. */
const REFRESH_PATH = '/api/account/'

/** The cookies of sessions: which there are, how they are set, read and taken away. */
export class SessionCookies {
  readonly #clock: Clock
  readonly #isDebug: boolean
  readonly #sameSite: CookieSameSite

  constructor({ debug, http }: Pick<Settings, 'debug' | 'http'>, clock: Clock) {
    this.#clock = clock
    this.#isDebug = debug
    this.#sameSite = http.cookieSameSite
  }

  read(request: Request, kind: CookieKind): string | null {
    return readCookie(request.headers.cookie, this.#shape(request, kind).name)
  }

  set(request: Request, reply: FastifyReply, values: { readonly [Kind in CookieKind]?: CookieValue }): void {
    for (const [kind, { value, expiresAtMs }] of Object.entries(values)) {
      const shape = this.#shape(request, kind as CookieKind) // as: the keys of `values` are kinds
      reply.header('set-cookie', setCookieText({ ...shape, value, maxAgeMs: expiresAtMs - this.#clock.now() }))
    }
  }

  clear(request: Request, reply: FastifyReply, kinds: readonly CookieKind[] = ['access', 'refresh', 'csrf']): void {
    for (const kind of kinds) this.set(request, reply, { [kind]: { value: '', expiresAtMs: 0 } })
  }

  /**
   * Browsers take a cookie named `__Host-…` from this very host alone, and `__Secure-…` over https alone: no neighbouring
   * site can plant one. Neither can be over plain http, which is for development.
   */
  #shape(request: Request, kind: CookieKind): Omit<NewCookie, 'value' | 'maxAgeMs'> {
    const isSecure = !this.#isDebug || request.protocol === 'https'
    const sameSite = SAME_SITE[this.#sameSite]
    switch (kind) {
      case 'access':
        return { name: `${isSecure ? '__Host-' : ''}access_token`, path: '/', sameSite, isSecure, isHttpOnly: true }
      case 'refresh':
        return {
          name: `${isSecure ? '__Secure-' : ''}refresh_token`,
          path: REFRESH_PATH,
          // Nothing leads to it by a link, so it need not come along with one.
          sameSite: sameSite === 'None' ? 'None' : 'Strict',
          isSecure,
          isHttpOnly: true,
        }
      case 'device':
        return {
          name: `${isSecure ? '__Secure-' : ''}trusted_device`,
          path: REFRESH_PATH,
          sameSite: sameSite === 'None' ? 'None' : 'Strict',
          isSecure,
          isHttpOnly: true,
        }
      case 'csrf':
        // Scripts of the page read it, and know it by the name that Django gave it. It is of no use without the session.
        return { name: 'csrftoken', path: '/', sameSite, isSecure, isHttpOnly: false }
    }
  }
}
