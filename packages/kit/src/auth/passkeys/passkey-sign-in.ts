import { ApiError } from '../../base/index.ts'
import type { Context, Json, Row } from '../../db/index.ts'
import type { CeremonySubject } from '../factors/passkeys/ceremonies.ts'
import { readUsedCredential, type UsedCredential } from '../factors/passkeys/credential.ts'
import { hashCredentialId, type PasskeyFactor } from '../factors/passkeys/passkey-factor.ts'
import type { PasskeyOptions } from '../factors/passkeys/passkey-options.ts'
import type { FactorCall } from '../factors/second-factor.ts'
import type { Client } from '../models/client.ts'
import type { UserModel } from '../models/user-models.ts'
import type { Transport } from '../permissions/principal.ts'
import type { Revoker } from '../sessions/revoker.ts'
import { answerChallenge, findChallenge, type UseFactor } from '../sign-in/answer-challenge.ts'
import { finishSignIn, type SignIn } from '../sign-in/finish-sign-in.ts'
import { markAuthenticated } from '../sign-in/reauthenticate.ts'
import { type SignInParts, systemContext } from '../sign-in/sign-in-parts.ts'

export interface PasskeySignInParts extends SignInParts {
  readonly factor: PasskeyFactor
  readonly revoker: Revoker
}

export interface PasskeyStep {
  /** The token of the challenge that the first step gave. */
  readonly challenge: string
  readonly credential: Json
  readonly remember_device?: boolean
}

export interface PasskeyLogin {
  readonly credential: Json
  readonly transport?: Transport
}

/** Signs users in with passkeys: in the second step, alone, or once more in a session that is there. */
export class PasskeySignIn {
  readonly #parts: PasskeySignInParts

  constructor(parts: PasskeySignInParts) {
    this.#parts = parts
  }

  /** @throws {ApiError} `token_not_valid` if the challenge is over; `permission_denied` if the user has no passkey */
  async secondStepOptions(token: string, client: Client): Promise<PasskeyOptions> {
    const { challenge, user } = await findChallenge(this.#parts, { challenge: token, client })
    if (!challenge.methods.includes('passkey')) throw new ApiError('permission_denied')
    return this.#options({ ceremony: 'second_factor', user: user.id }, client)
  }

  /** @throws {ApiError} `validation_failed` if the credential is malformed; and as `answerChallenge` */
  async takeSecondStep(step: PasskeyStep, client: Client): Promise<SignIn> {
    const used = readUsedCredential(step.credential)
    const { challenge, remember_device: rememberDevice = false } = step
    return answerChallenge(this.#parts, {
      challenge,
      client,
      rememberDevice,
      prove: (ctx, { user }) =>
        this.#prove(ctx, used, { subject: { ceremony: 'second_factor', user: user.id }, client }),
    })
  }

  /** The same for everybody: which passkey to use, the device knows. */
  loginOptions(client: Client): Promise<PasskeyOptions> {
    return this.#options({ ceremony: 'login', user: null }, client)
  }

  /**
   * Signs in without a password. The device has verified the user, so the passkey counts as two factors.
   *
   * @throws {ApiError} `invalid_credentials`, whatever is wrong; `validation_failed` if the credential is malformed
   */
  async login({ credential, transport = 'bearer' }: PasskeyLogin, client: Client): Promise<SignIn> {
    const used = readUsedCredential(credential)
    const ctx = systemContext(this.#parts.store, null, client)
    const user = await this.#ownerOf(ctx, used)
    const signIn = await this.#parts.lockout.guard({ account: guessedAt(used), client }, async () => {
      const claim = user && (await this.#prove(ctx, used, { subject: { ceremony: 'login', user: null }, client }))
      return claim && finishSignIn(this.#parts, { user, client, transport, hasSecondFactor: true, claim })
    })
    if (signIn !== null) return signIn
    const event = { kind: 'login_failed', user: user?.id ?? null, client, details: METHOD } as const
    await this.#parts.securityLog.record(ctx, event)
    throw new ApiError('invalid_credentials')
  }

  /** @throws {ApiError} `permission_denied` if it is not the user who works in the session, or they have no passkey */
  async reauthenticationOptions({ principal, client }: FactorCall): Promise<PasskeyOptions> {
    assertPerson(principal)
    const { userId: user } = principal
    const hasAny = await this.#parts.factor.hasAny(systemContext(this.#parts.store, user, client), user)
    if (!hasAny) throw new ApiError('permission_denied')
    return this.#options({ ceremony: 'reauthentication', user }, client)
  }

  /** @throws {ApiError} `invalid_credentials`; `validation_failed` if the credential is malformed; `permission_denied`; `account_locked` */
  async reauthenticate({ principal, client }: FactorCall, credential: Json): Promise<void> {
    assertPerson(principal)
    const { store, lockout, securityLog } = this.#parts
    const { userId: user, sessionId: session, email } = principal
    const used = readUsedCredential(credential)
    const ctx = systemContext(store, user, client)
    const isProved = await lockout.guard({ account: email, client }, async () => {
      const claim = await this.#prove(ctx, used, { subject: { ceremony: 'reauthentication', user }, client })
      if (claim === null) return null
      const isFirst = await ctx.transaction(async (tx) => {
        if (!(await claim(tx))) return false
        await markAuthenticated(this.#parts, tx, session)
        await securityLog.record(tx, { kind: 'reauthenticated', user, session, client, details: METHOD })
        return true
      })
      return isFirst || null
    })
    if (!isProved) throw new ApiError('invalid_credentials')
  }

  #options(subject: CeremonySubject, client: Client): Promise<PasskeyOptions> {
    return this.#parts.factor.requestOptions(systemContext(this.#parts.store, subject.user, client), subject)
  }

  async #ownerOf(ctx: Context, used: UsedCredential): Promise<Row<UserModel> | null> {
    const { factor, models } = this.#parts
    const passkey = await factor.find(ctx, used)
    return passkey && ctx.query(models.user).filter({ id: passkey.user, is_active: true }).first()
  }

  /** Verifies a passkey, and gives what uses it up; null if it is not taken. */
  async #prove(ctx: Context, used: UsedCredential, { subject, client }: Attempt): Promise<UseFactor | null> {
    const { factor, securityLog } = this.#parts
    const proof = await factor.verify(ctx, used, subject)
    if (!('refused' in proof)) return (tx) => proof.claim(tx)
    if (proof.refused === 'copied') {
      const { user, name: passkey } = proof.passkey
      await securityLog.record(ctx, { kind: 'passkey_copied', user, client, details: { passkey } })
    }
    return null
  }
}

const METHOD = { method: 'passkey' } as const

interface Attempt {
  readonly subject: CeremonySubject
  readonly client: Client
}

function assertPerson({ impersonator, apiKey }: FactorCall['principal']): void {
  if (impersonator !== null || apiKey !== null) throw new ApiError('permission_denied')
}

/**
 * Wrong uses count at the passkey, known or not, and from the address. Not at the account: nobody guesses a signature, and
 * whoever guesses passwords to lock somebody out must not keep them from their passkey as well.
 */
function guessedAt({ id }: UsedCredential): string {
  return `${hashCredentialId(id)}@passkey.invalid`
}
