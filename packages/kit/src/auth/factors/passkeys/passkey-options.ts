import type { Json, Row } from '../../../db/index.ts'
import type { PasskeySettings } from '../../../settings/index.ts'
import type { PasskeyModel } from '../../models/factor-models.ts'
import { CEREMONY_MS } from './ceremonies.ts'
import { ALGORITHMS } from './public-key.ts'

/** What a browser needs, as `PublicKeyCredential.parseCreationOptionsFromJSON()` and its sister take it. */
export type PasskeyOptions = { readonly [name: string]: Json }

export interface CreationParts {
  readonly site: PasskeySettings
  readonly challenge: string
  readonly user: { readonly userId: string; readonly email: string; readonly name: string }
  /** Those of the user: a device that has one of them makes no second. */
  readonly passkeys: readonly Row<PasskeyModel>[]
}

/** For `navigator.credentials.create()` (WebAuthn § 5.4). */
export function creationOptions({ site, challenge, user, passkeys }: CreationParts): PasskeyOptions {
  return {
    challenge,
    rp: { id: site.rpId, name: site.rpName },
    user: { id: userHandleOf(user.userId), name: user.email, displayName: user.name },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    timeout: CEREMONY_MS,
    attestation: 'none',
    excludeCredentials: passkeys.map(descriptorOf),
    authenticatorSelection: { residentKey: 'preferred', requireResidentKey: false, userVerification: 'preferred' },
    extensions: { credProps: true },
  }
}

export interface RequestParts {
  readonly site: PasskeySettings
  readonly challenge: string
  /** Those that may answer; none: whichever the device has for the site. */
  readonly passkeys: readonly Row<PasskeyModel>[]
  readonly needsUserVerification: boolean
}

/** For `navigator.credentials.get()` (WebAuthn § 5.5). */
export function requestOptions({ site, challenge, passkeys, needsUserVerification }: RequestParts): PasskeyOptions {
  return {
    challenge,
    rpId: site.rpId,
    timeout: CEREMONY_MS,
    userVerification: needsUserVerification ? 'required' : 'preferred',
    allowCredentials: passkeys.map(descriptorOf),
  }
}

/** What a passkey keeps of its user: the 16 bytes of the id, which tell nothing of the person (WebAuthn § 14.6.1). */
export function userHandleOf(userId: string): string {
  return Buffer.from(userId.replaceAll('-', ''), 'hex').toString('base64url')
}

function descriptorOf({ credential_id: id, transports }: Row<PasskeyModel>): PasskeyOptions {
  return { type: 'public-key', id, transports }
}
