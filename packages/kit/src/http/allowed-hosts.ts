const HOST_HEADER = /^([a-z0-9.-]+|\[[a-f0-9]*:[a-f0-9.:]+\])(?::[0-9]+)?$/
const MOST_REMEMBERED = 100

/**
 * Makes the check of `Host` headers against `ALLOWED_HOSTS`, with Django's rules: `*` is any, `.example.com` is the
 * domain and its subdomains, ports do not matter.
 */
export function createHostCheck(allowedHosts: readonly string[]): (host: string) => boolean {
  // A server hears the same few names all day, so those found good are remembered.
  const remembered = new Set<string>()
  return (host) => {
    if (remembered.has(host)) return true
    const isAllowed = isHostAllowed(host, allowedHosts)
    if (isAllowed && remembered.size < MOST_REMEMBERED) remembered.add(host)
    return isAllowed
  }
}

function isHostAllowed(header: string, allowedHosts: readonly string[]): boolean {
  const host = HOST_HEADER.exec(header.toLowerCase())?.[1]?.replace(/\.$/, '')
  if (host === undefined) return false
  return allowedHosts.some((allowed) => matches(host, allowed))
}

function matches(host: string, allowed: string): boolean {
  if (allowed === '*') return true
  return allowed.startsWith('.') ? host === allowed.slice(1) || host.endsWith(allowed) : host === allowed
}
