import type { Json } from '../../../db/index.ts'
import type { PasskeySettings } from '../../../settings/index.ts'
import { flawOfPage, readClientData } from './client-data.ts'
import { credentialError, type NewCredential, readNewCredential } from './credential.ts'
import { ALGORITHMS, isUsableKey } from './public-key.ts'

/** A passkey that was made for this site, on a page of it, in answer to the challenge. */
export interface VerifiedPasskey {
  /** Whether it is good, good once and of this user is for the caller to ask. */
  readonly challenge: string
  readonly credentialId: string
  /** The COSE key, in base64url. */
  readonly publicKey: string
  readonly signCount: number
  readonly transports: readonly string[]
  readonly isBackedUp: boolean
}

/** @throws {ApiError} `validation_failed` that says what is wrong with the credential */
export async function verifyRegistration(site: PasskeySettings, credential: Json): Promise<VerifiedPasskey> {
  const given = readNewCredential(credential)
  const clientData = readClientData(given.clientDataJSON)
  if (clientData === null) throw credentialError('`clientDataJSON` is not what a browser makes.')
  if (clientData.type !== 'webauthn.create') throw credentialError('It is not from `navigator.credentials.create()`.')
  const flaw = flawOfPage(site, clientData)
  if (flaw !== null) throw credentialError(flaw)
  const { challenge, origin } = clientData
  try {
    return { challenge, ...(await verified(site, given, { challenge, origin })) }
  } catch (cause) {
    // Whatever a credential brings the verifier to throw, the credential is what is wrong.
    throw credentialError(messageOf(cause), cause)
  }
}

class Flaw extends Error {}

async function verified(
  { rpId }: PasskeySettings,
  given: NewCredential,
  expected: { readonly challenge: string; readonly origin: string },
): Promise<Omit<VerifiedPasskey, 'challenge'>> {
  // Loaded when the first passkey comes: it takes 30 MB, and many servers never see one.
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  const { decodeAttestationObject, decodeCredentialPublicKey } = await import('@simplewebauthn/server/helpers')
  assertPlainAttestation(decodeAttestationObject(Buffer.from(given.attestationObject, 'base64url')))
  const { registrationInfo } = await verifyRegistrationResponse({
    response: responseOf(given),
    expectedChallenge: expected.challenge,
    expectedOrigin: expected.origin,
    expectedRPID: rpId,
    requireUserVerification: false,
    supportedAlgorithmIDs: [...ALGORITHMS],
  })
  if (registrationInfo === undefined) throw new Flaw('Its signature is wrong.')
  const { credential, credentialBackedUp } = registrationInfo
  if (credential.id !== given.id) throw new Flaw('`id` is not that of the passkey.')
  if (!isUsableKey(decodeCredentialPublicKey(credential.publicKey))) throw new Flaw('Its public key is malformed.')
  return {
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
    signCount: credential.counter,
    transports: given.transports,
    isBackedUp: credentialBackedUp,
  }
}

/**
 * No attestation is asked for, so a browser sends none, or that of the passkey by itself (WebAuthn § 5.1.3). Statements
 * with certificates must not get to the verifier: it would look up what they name, wherever that leads.
 */
function assertPlainAttestation(attestation: unknown): void {
  if (!(attestation instanceof Map)) throw new Flaw('`attestationObject` is malformed.')
  const [format, statement] = [attestation.get('fmt'), attestation.get('attStmt')]
  if (!(statement instanceof Map)) throw new Flaw('`attestationObject` is malformed.')
  if (format === 'none') return
  const isOwn = format === 'packed' && statement.size === 2 && statement.has('alg') && statement.has('sig')
  if (!isOwn) throw new Flaw('It has an attestation, and none was asked for.')
}

function responseOf({ id, clientDataJSON, attestationObject }: NewCredential) {
  const response = { clientDataJSON, attestationObject }
  return { id, rawId: id, type: 'public-key' as const, response, clientExtensionResults: {} }
}

function messageOf(cause: unknown): string {
  if (cause instanceof Flaw) return cause.message
  const isOfOther = cause instanceof Error && cause.name === 'UnexpectedRPIDHash'
  return isOfOther ? 'It was made for another site.' : 'It could not be verified.'
}
