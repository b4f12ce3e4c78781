import { parseHostName } from './addresses.ts'

/** For whom passkeys are made, and on which pages (WebAuthn's "relying party"). */
export interface PasskeySettings {
  /** The domain that passkeys belong to: they work on it and below it, and nowhere else. */
  readonly rpId: string
  /** What the browser calls the site when it asks for a passkey. */
  readonly rpName: string
  /** The pages that may make and use them: origins, `https://*.example.com`, or `http://localhost:*`. */
  readonly origins: readonly string[]
}

export interface PasskeyValues {
  readonly DEBUG: boolean
  readonly WEBAUTHN_RP_ID: string
  readonly WEBAUTHN_RP_NAME: string
  readonly SITE_NAME: string
  readonly WEBAUTHN_ORIGINS: readonly string[]
  readonly FRONTEND_URL: string | null
  readonly ALLOWED_HOSTS: readonly string[]
  readonly CORS_ALLOWED_ORIGINS: readonly string[]
  readonly CSRF_TRUSTED_ORIGINS: readonly string[]
}

const LOCAL = 'localhost'

/** What passkeys go by: as it is said, or else as it follows from the address of the frontend and the trusted origins. */
export function passkeySettings(values: PasskeyValues): PasskeySettings {
  const rpId = values.WEBAUTHN_RP_ID || defaultRpId(values)
  return { rpId, rpName: values.WEBAUTHN_RP_NAME || values.SITE_NAME, origins: originsOf(values, rpId) }
}

/** The first of `WEBAUTHN_ORIGINS` on whose pages no browser would take the passkeys of that domain; or null. */
export function originElsewhere(values: PasskeyValues): string | null {
  const { rpId } = passkeySettings(values)
  return values.WEBAUTHN_ORIGINS.find((origin) => !isOnDomain(origin, rpId)) ?? null
}

function originsOf(values: PasskeyValues, rpId: string): readonly string[] {
  if (values.WEBAUTHN_ORIGINS.length > 0) return values.WEBAUTHN_ORIGINS
  const { FRONTEND_URL, CORS_ALLOWED_ORIGINS, CSRF_TRUSTED_ORIGINS } = values
  const frontend = FRONTEND_URL === null ? `https://${rpId}` : new URL(FRONTEND_URL).origin
  const trusted = [frontend, ...CORS_ALLOWED_ORIGINS, ...CSRF_TRUSTED_ORIGINS]
  const fitting = [...new Set(trusted)].filter((origin) => isOnDomain(origin, rpId))
  // While developing, the pages come from a server of their own, on a port that changes.
  return values.DEBUG && rpId === LOCAL ? [...fitting, `http://${LOCAL}:*`] : fitting
}

function defaultRpId({ DEBUG, FRONTEND_URL, ALLOWED_HOSTS }: PasskeyValues): string {
  const frontend = FRONTEND_URL === null ? undefined : parseHostName(new URL(FRONTEND_URL).hostname)
  if (frontend !== undefined) return frontend
  const named = ALLOWED_HOSTS.find((host) => parseHostName(host.replace(/^\./, '')) !== undefined)
  return DEBUG || named === undefined ? LOCAL : named.replace(/^\./, '')
}

/** Whether pages of an origin may use the passkeys of a domain: https, except on this machine. */
function isOnDomain(origin: string, rpId: string): boolean {
  const url = new URL(origin.replace('://*.', '://'))
  const isBelow = url.hostname === rpId || url.hostname.endsWith(`.${rpId}`)
  return isBelow && (url.protocol === 'https:' || rpId === LOCAL)
}
