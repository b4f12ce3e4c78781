import { isIP } from 'node:net'

const HOST_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/

/** Reads an item of `ALLOWED_HOSTS` as Django does: `*`, `example.com`, `.example.com` (with its subdomains), `[::1]`. */
export function parseAllowedHost(value: string): string | undefined {
  const host = value.toLowerCase()
  if (host === '*') return host
  if (host.startsWith('[')) return host.endsWith(']') && isIP(host.slice(1, -1)) === 6 ? host : undefined
  return HOST_NAME.test(host.replace(/^\./, '')) ? host : undefined
}

/** Reads the name of a host, which is no number and no pattern. */
export function parseHostName(value: string): string | undefined {
  const host = value.toLowerCase()
  return HOST_NAME.test(host) && isIP(host) === 0 ? host : undefined
}

/** Reads `scheme://host[:port]`, with no path: what a browser sends as `Origin`. */
export function parseOrigin(value: string): string | undefined {
  const url = URL.parse(value)
  return url !== null && isWebScheme(url) && isBare(url, value) ? url.origin : undefined
}

/** Reads an item of `CSRF_TRUSTED_ORIGINS`: an origin, or one with `*.` before its host. */
export function parseOriginPattern(value: string): string | undefined {
  const plain = value.replace('://*.', '://')
  return parseOrigin(plain) === undefined ? undefined : value.toLowerCase().replace(/\/$/, '')
}

/** Reads an http or https address; a slash at its end is dropped. */
export function parseWebUrl(value: string): string | undefined {
  const url = URL.parse(value)
  return url !== null && isWebScheme(url) ? value.replace(/\/+$/, '') : undefined
}

/** Reads `redis://[[user]:password@]host[:port][/number]`, or `rediss://` for TLS. */
export function parseRedisUrl(value: string): string | undefined {
  const url = URL.parse(value)
  const isRedis = url !== null && (url.protocol === 'redis:' || url.protocol === 'rediss:')
  return isRedis && url.hostname !== '' && /^(\/\d*)?$/.test(url.pathname) ? value : undefined
}

/** Which proxies may tell the client's address: how many stand before the server, or their addresses. */
export type TrustedProxies = number | readonly string[]

const PROXY_GROUPS = new Set(['loopback', 'linklocal', 'uniquelocal'])

/** Reads `TRUST_PROXY`: a count, or addresses, networks (`10.0.0.0/8`) and the names of private ranges between commas. */
export function parseTrustedProxies(value: string): TrustedProxies | undefined {
  if (/^\d{1,2}$/.test(value)) return Number(value)
  const items = value.split(',').map((item) => item.trim())
  return items.every(isProxyAddress) ? items : undefined
}

function isProxyAddress(item: string): boolean {
  const [address = '', bits, ...rest] = item.split('/')
  if (PROXY_GROUPS.has(item)) return true
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}

function isWebScheme(url: URL): boolean {
  return url.protocol === 'https:' || url.protocol === 'http:'
}

function isBare(url: URL, value: string): boolean {
  return url.pathname === '/' && !/[?#@]/.test(value)
}
