import type { PasskeySettings } from '../../../settings/index.ts'
import { type ClientData, flawOfPage } from './client-data.ts'
import type { UsedCredential } from './credential.ts'

export interface AssertionRules {
  readonly site: PasskeySettings
  readonly clientData: ClientData
  /** The COSE key of the passkey, in base64url. */
  readonly publicKey: string
  /** Whether the authenticator must have asked for a finger, a face or a PIN. */
  readonly needsUserVerification: boolean
}

/** What an authenticator said of itself, signed. */
export interface VerifiedAssertion {
  readonly signCount: number
  readonly isBackedUp: boolean
}

/** Verifies the signature of a passkey for this site; null if anything about it is wrong. Of its count the caller judges. */
export async function verifyAssertion(
  used: UsedCredential,
  { site, clientData, publicKey, needsUserVerification }: AssertionRules,
): Promise<VerifiedAssertion | null> {
  if (clientData.type !== 'webauthn.get' || flawOfPage(site, clientData) !== null) return null
  const { id, clientDataJSON, authenticatorData, signature } = used
  // Loaded when the first passkey comes: it takes 30 MB, and many servers never see one.
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        response: { clientDataJSON, authenticatorData, signature },
        clientExtensionResults: {},
      },
      expectedChallenge: clientData.challenge,
      expectedOrigin: clientData.origin,
      expectedRPID: site.rpId,
      // It would compare the counts before it looks at the signature: then anybody could make a count seem to go back.
      credential: { id, publicKey: Buffer.from(publicKey, 'base64url'), counter: 0 },
      requireUserVerification: needsUserVerification,
    })
    const { newCounter: signCount, credentialBackedUp: isBackedUp } = authenticationInfo
    return verified ? { signCount, isBackedUp } : null
  } catch {
    return null // whatever it brings the verifier to throw, it is what is wrong
  }
}
