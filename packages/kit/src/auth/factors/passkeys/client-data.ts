import type { PasskeySettings } from '../../../settings/index.ts'
import { isOurPage } from './relying-party.ts'

/** What the browser says of the page that asked for a passkey (WebAuthn § 5.8.1). It is signed along. */
export interface ClientData {
  readonly type: string
  readonly challenge: string
  readonly origin: string
  /** Whether the page stood in a frame of another site. */
  readonly crossOrigin: boolean
}

const LONGEST_CHALLENGE = 128

/** Reads what is in base64url; null if it is nothing that a browser makes. */
export function readClientData(clientDataJSON: string): ClientData | null {
  const parsed = parseJson(Buffer.from(clientDataJSON, 'base64url'))
  if (typeof parsed !== 'object' || parsed === null) return null
  const { type, challenge, origin, crossOrigin = false, topOrigin } = parsed as Readonly<Record<string, unknown>> // as: an object
  if (typeof type !== 'string' || typeof challenge !== 'string' || typeof origin !== 'string') return null
  if (typeof crossOrigin !== 'boolean' || challenge.length > LONGEST_CHALLENGE) return null
  return { type, challenge, origin, crossOrigin: crossOrigin || topOrigin !== undefined }
}

/** Why what was made on that page is not taken; or null. */
export function flawOfPage(site: PasskeySettings, { origin, crossOrigin }: ClientData): string | null {
  if (!isOurPage(site, origin)) return 'It was made on a page of another origin: WEBAUTHN_ORIGINS does not name it.'
  // A page in a frame of another site may be covered with something else to click on.
  return crossOrigin ? 'It was made on a page inside a frame of another site.' : null
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return null // of no browser
  }
}
