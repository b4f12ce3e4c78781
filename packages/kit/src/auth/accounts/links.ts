import type { Settings } from '../../settings/index.ts'

/** Where in the frontend each kind of link leads. */
export const LINK_PATHS = {
  verify_email: 'verify-email',
  reset_password: 'reset-password',
  forgot_password: 'forgot-password',
  confirm_email: 'confirm-email',
  accept_invitation: 'accept-invitation',
  login: 'login',
} as const

export type LinkKind = keyof typeof LINK_PATHS

/** Makes the address that an e-mail leads to; with a token, it is the parameter `token`. */
export type Links = (kind: LinkKind, token?: string) => string

export interface LinkSettings {
  readonly debug: boolean
  readonly frontendUrl: Settings['frontendUrl']
  readonly http: Pick<Settings['http'], 'host' | 'port' | 'allowedHosts'>
}

/**
 * Makes the links of e-mails: below `FRONTEND_URL`, or the server's public address where there is none. They go by the
 * settings alone. A link made from the `Host` of a request would carry the token to whatever host somebody wrote there.
 *
 * @example
 * const http = { host: '127.0.0.1', port: 8000, allowedHosts: [] }
 * const links = createLinks({ debug: false, frontendUrl: 'https://app.example.com', http })
 * assert.equal(links('verify_email', 'k3'), 'https://app.example.com/verify-email?token=k3')
 */
export function createLinks(settings: LinkSettings): Links {
  const base = settings.frontendUrl ?? publicAddress(settings)
  return (kind, token) => {
    const query = token === undefined ? '' : `?token=${encodeURIComponent(token)}`
    return `${base}/${LINK_PATHS[kind]}${query}`
  }
}

/** The server as it is called from outside: by the first host that it answers to, or by its own address. */
function publicAddress({ debug, http: { host, port, allowedHosts } }: LinkSettings): string {
  const named = allowedHosts.find((allowed) => !allowed.startsWith('.') && allowed !== '*')
  if (!debug && named !== undefined) return `https://${named}`
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
