import { ApiError } from '../../base/index.ts'
import type { Context, Json, Row } from '../../db/index.ts'
import type { FactorChanges } from '../factors/factor-changes.ts'
import { PasskeyFactor, type PasskeyFactorOptions } from '../factors/passkeys/passkey-factor.ts'
import type { PasskeyOptions } from '../factors/passkeys/passkey-options.ts'
import { verifyRegistration } from '../factors/passkeys/verify-registration.ts'
import type { RecoveryCodes } from '../factors/recovery-codes.ts'
import type { FactorCall, SecondFactor } from '../factors/second-factor.ts'
import type { PasskeyModel } from '../models/factor-models.ts'
import type { UserModel } from '../models/user-models.ts'
import { systemContext } from '../sign-in/sign-in-parts.ts'
import { PasskeySignIn, type PasskeySignInParts } from './passkey-sign-in.ts'

export interface PasskeysParts extends PasskeySignInParts {
  readonly factor: PasskeyFactor
  readonly secondFactor: Pick<SecondFactor, 'change'>
  readonly changes: FactorChanges
  readonly recoveryCodes: RecoveryCodes
}

export interface PasskeyRegistration {
  readonly name: string
  /** What `credential.toJSON()` gives. */
  readonly credential: Json
}

/** A passkey that was made. */
export interface Registered {
  readonly passkey: Row<PasskeyModel>
  /** Ten codes for those who lose their factors, if there were none yet; shown once. */
  readonly recovery_codes: readonly string[] | null
}

/** Makes what users do with their passkeys, of the parts of signing in. */
export function createPasskeys(parts: Omit<PasskeysParts, 'factor'> & PasskeyFactorOptions): Passkeys {
  return new Passkeys({ ...parts, factor: new PasskeyFactor(parts) })
}

/** What users do with their passkeys. */
export class Passkeys {
  readonly #parts: PasskeysParts
  /** Signing in with them. */
  readonly signIn: PasskeySignIn

  constructor(parts: PasskeysParts) {
    this.#parts = parts
    this.signIn = new PasskeySignIn(parts)
  }

  /** @throws {ApiError} as `SecondFactor.change` */
  registrationOptions(call: FactorCall): Promise<PasskeyOptions> {
    const { secondFactor, factor } = this.#parts
    // As strict as what follows: whoever must prove first who they are learns it before a passkey was made.
    return secondFactor.change(call, (tx, { id, email, name }) =>
      factor.creationOptions(tx, { userId: id, email, name }),
    )
  }

  /**
   * Keeps a new passkey. Other sessions end, and no device is trusted any longer.
   *
   * @throws {ApiError} `validation_failed` that says what is wrong with it; and as `SecondFactor.change`
   */
  async register(call: FactorCall, { name, credential }: PasskeyRegistration): Promise<Registered> {
    const { secondFactor, factor, recoveryCodes } = this.#parts
    const verified = await verifyRegistration(factor.site, credential)
    return secondFactor.change(call, async (tx, user) => {
      const passkey = await factor.add(tx, verified, { userId: user.id, name })
      const hasCodes = (await recoveryCodes.left(tx, user.id)) > 0
      const recovery_codes = hasCodes ? null : await recoveryCodes.renew(tx, user.id)
      await this.#record(tx, { ...call, user, passkey, what: 'passkey_added' })
      return { passkey, recovery_codes }
    })
  }

  /** @throws {ApiError} `not_found`; `validation_failed` if the name is taken; `permission_denied` if it is not the user */
  async rename({ principal, client }: FactorCall, id: string, name: string): Promise<void> {
    const { store, models, factor, securityLog } = this.#parts
    const { userId, sessionId, impersonator, apiKey } = principal
    if (impersonator !== null || apiKey !== null) throw new ApiError('permission_denied')
    await systemContext(store, userId, client).transaction(async (tx) => {
      const passkey = await tx.query(models.passkey).filter({ id, user: userId }).first()
      if (passkey === null) throw new ApiError('not_found')
      await factor.rename(tx, id, { userId, name })
      const details = { passkey: name, before: passkey.name }
      await securityLog.record(tx, { kind: 'passkey_renamed', user: userId, session: sessionId, client, details })
    })
  }

  /** Takes a passkey away. Other sessions end, and no device is trusted any longer. @throws {ApiError} `not_found`; and as `SecondFactor.change` */
  async remove(call: FactorCall, id: string): Promise<void> {
    const { secondFactor, models } = this.#parts
    await secondFactor.change(call, async (tx, user) => {
      const own = tx.query(models.passkey).filter({ id, user: user.id })
      const passkey = await own.first()
      if (passkey === null) throw new ApiError('not_found')
      await own.delete()
      await this.#record(tx, { ...call, user, passkey, what: 'passkey_removed' })
    })
  }

  #record(tx: Context, { principal, client, user, passkey, what }: PasskeyChange): Promise<void> {
    const values = { passkey: passkey.name }
    return this.#parts.changes.record(tx, {
      user,
      sessionId: principal.sessionId,
      client,
      kind: what,
      template: what,
      values,
    })
  }
}

interface PasskeyChange extends FactorCall {
  readonly user: Row<UserModel>
  readonly passkey: Row<PasskeyModel>
  readonly what: 'passkey_added' | 'passkey_removed'
}
