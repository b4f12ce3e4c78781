import type { PasskeySettings } from '../../../settings/index.ts'

/**
 * Whether a page of that origin may make and use passkeys.
 *
 * @example
 * const site = { rpId: 'example.com', rpName: 'Example', origins: ['https://*.example.com'] }
 * assert.equal(isOurPage(site, 'https://app.example.com'), true)
 * assert.equal(isOurPage(site, 'https://example.com.evil.test'), false)
 */
export function isOurPage({ origins }: Pick<PasskeySettings, 'origins'>, origin: string): boolean {
  return origins.some((allowed) => fits(allowed, origin))
}

function fits(allowed: string, origin: string): boolean {
  if (!allowed.includes('*')) return allowed === origin
  const url = URL.parse(origin)
  // A browser writes an origin in one way only.
  if (url === null || url.origin !== origin) return false
  if (allowed.endsWith(':*')) return `${url.protocol}//${url.hostname}:*` === allowed
  const [scheme = '', parent] = allowed.split('://*.')
  return parent !== undefined && url.protocol === `${scheme}:` && url.host.endsWith(`.${parent}`)
}
