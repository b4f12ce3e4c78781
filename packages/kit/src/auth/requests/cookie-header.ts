/** A cookie for a browser to keep. */
export interface NewCookie {
  readonly name: string
  /** Of characters that stand in a cookie as they are: tokens are. */
  readonly value: string
  readonly path: string
  readonly sameSite: 'Lax' | 'Strict' | 'None'
  readonly isSecure: boolean
  /** Whether scripts of the page are kept from it. */
  readonly isHttpOnly: boolean
  /** How long it is kept. 0 takes it away. */
  readonly maxAgeMs: number
}

/** The value of `Set-Cookie` (RFC 6265bis, section 4.1). */
export function setCookieText(cookie: NewCookie): string {
  const { name, value, path, sameSite, isSecure, isHttpOnly, maxAgeMs } = cookie
  return [
    `${name}=${value}`,
    `Path=${path}`,
    `Max-Age=${Math.max(0, Math.floor(maxAgeMs / 1000))}`,
    `SameSite=${sameSite}`,
    ...(isSecure ? ['Secure'] : []),
    ...(isHttpOnly ? ['HttpOnly'] : []),
  ].join('; ')
}

/**
 * The value of a cookie in a `Cookie` header; null if it is not there.
 *
 * Null also if the name comes twice. A browser sends two cookies of one name when a neighbouring site has planted one of
 * its own: nothing tells which is whose, and taking the wrong one would put the visitor into a stranger's session.
 *
 * @example
 * assert.equal(readCookie('theme=dark; access_token=abc', 'access_token'), 'abc')
 * assert.equal(readCookie('access_token=abc; access_token=def', 'access_token'), null)
 */
export function readCookie(header: string | undefined, name: string): string | null {
  if (header === undefined || !header.includes(name)) return null
  const values = header.split(';').flatMap((pair) => {
    const at = pair.indexOf('=')
    return at !== -1 && pair.slice(0, at).trim() === name ? [pair.slice(at + 1).trim()] : []
  })
  const [value = ''] = values
  return values.length === 1 && value !== '' ? value : null
}
