import { ApiError, validationError } from '../../base/index.ts'
import { type Context, createContext, type Row, type Store } from '../../db/index.ts'
import type { AuthModels } from '../models/auth-models.ts'
import type { Client } from '../models/client.ts'
import type { UserModel } from '../models/user-models.ts'
import type { Principal } from '../permissions/principal.ts'
import { assertRecentlyAuthenticated } from '../permissions/recent-authentication.ts'
import type { SecurityLog } from '../security-log/security-log.ts'
import type { Authenticators } from './authenticators.ts'
import { enrolledFactors, hasSecondFactor } from './enrolled-factors.ts'
import type { FactorChanges } from './factor-changes.ts'
import type { RecoveryCodes } from './recovery-codes.ts'
import { totpUri } from './totp-code.ts'
import { type TotpQrCode, totpQrCode } from './totp-qr-code.ts'
import type { Trust } from './trust.ts'

export interface SecondFactorParts {
  readonly store: Store
  readonly models: AuthModels
  readonly authenticators: Authenticators
  readonly recoveryCodes: RecoveryCodes
  readonly changes: FactorChanges
  readonly trust: Trust
  readonly securityLog: SecurityLog
  /** What authenticator apps call the entry. */
  readonly issuer: string
}

/** Who does something to their own factors, and from where. */
export interface FactorCall {
  readonly principal: Principal
  readonly client: Client
}

/** What of a second factor a user has. */
export interface SecondFactorStatus {
  readonly enabled: boolean
  readonly totp: boolean
  readonly passkeys: number
  readonly recovery_codes_left: number
  readonly trusted_devices: number
  /** Whether the session was begun with one. */
  readonly session_has_second_factor: boolean
  /** Whether the business of the session is kept from it until there is one. */
  readonly required: boolean
}

/** What an authenticator app is set up by. */
export interface TotpSetup extends TotpQrCode {
  /** In Base32, for typing it in. */
  readonly secret: string
  readonly otpauth_uri: string
}

/** What users do to their own second factor. */
export class SecondFactor {
  readonly #parts: SecondFactorParts

  constructor(parts: SecondFactorParts) {
    this.#parts = parts
  }

  async status({ principal, client }: FactorCall): Promise<SecondFactorStatus> {
    const { models } = this.#parts
    const { userId, hasSecondFactor: isWithFactor, lacksSecondFactor } = principal
    const ctx = this.#context({ principal, client })
    const factors = await enrolledFactors(ctx, models, userId)
    const live = { user: userId, expires_at__gt: new Date(ctx.store.clock.now()) }
    return {
      enabled: hasSecondFactor(factors),
      totp: factors.hasTotp,
      passkeys: factors.passkeys,
      recovery_codes_left: factors.recoveryCodes,
      trusted_devices: await ctx.query(models.trustedDevice).filter(live).count(),
      session_has_second_factor: isWithFactor,
      required: lacksSecondFactor,
    }
  }

  /** Begins to set up an authenticator app: anew each time, until a code has been shown. @throws {ApiError} `conflict` */
  async setUpTotp(call: FactorCall): Promise<TotpSetup> {
    const { authenticators, issuer } = this.#parts
    const secret = await this.change(call, (tx, user) => authenticators.begin(tx, user.id))
    const otpauth_uri = totpUri({ secret, account: call.principal.email, issuer })
    return { secret, otpauth_uri, ...(await totpQrCode(otpauth_uri)) }
  }

  /**
   * Takes the first code of the authenticator app, which counts from then on, and gives recovery codes: ten new ones, since
   * whoever sets up a factor is to write down those that go with it.
   */
  async confirmTotp(call: FactorCall, code: string): Promise<readonly string[]> {
    const { authenticators, recoveryCodes } = this.#parts
    return this.change(call, async (tx, user) => {
      if (!(await authenticators.confirm(tx, user.id, code))) throw validationError({ code: [WRONG_CODE] })
      const codes = await recoveryCodes.renew(tx, user.id)
      await this.#record(tx, { ...call, user, kind: 'totp_enabled', template: 'two_factor_enabled' })
      return codes
    })
  }

  /** Takes the authenticator app away. @throws {ApiError} `not_found` if there is none */
  async disableTotp(call: FactorCall): Promise<void> {
    await this.change(call, async (tx, user) => {
      if (!(await this.#parts.authenticators.remove(tx, user.id))) throw new ApiError('not_found')
      await this.#record(tx, { ...call, user, kind: 'totp_disabled', template: 'two_factor_disabled' })
    })
  }

  /** Gives ten new recovery codes; the old ones are worth nothing. @throws {ApiError} `conflict` without a second factor */
  async renewRecoveryCodes(call: FactorCall): Promise<readonly string[]> {
    const { models, recoveryCodes, securityLog } = this.#parts
    return this.change(call, async (tx, user) => {
      if (!hasSecondFactor(await enrolledFactors(tx, models, user.id))) {
        throw new ApiError('conflict', { message: 'Enrol a second factor first.' })
      }
      const { principal, client } = call
      const event = { kind: 'recovery_codes_renewed', user: user.id, session: principal.sessionId, client } as const
      await securityLog.record(tx, event)
      return recoveryCodes.renew(tx, user.id)
    })
  }

  /**
   * Changes factors in one transaction that holds the row of the user: none of two changes sees the other half done. Only
   * the user themselves may, who has proved who they are of late, and with the second factor if there is one.
   *
   * @throws {ApiError} `reauthentication_required`, `second_factor_required`, `permission_denied`
   */
  change<Result>(call: FactorCall, work: (tx: Context, user: Row<UserModel>) => Promise<Result>): Promise<Result> {
    const { models, changes, store } = this.#parts
    const { principal } = call
    assertRecentlyAuthenticated(principal, store.clock)
    return this.#context(call).transaction(async (tx) => {
      const user = await changes.holdUser(tx, principal)
      const isProtected = hasSecondFactor(await enrolledFactors(tx, models, user.id))
      if (isProtected && !principal.hasSecondFactor) throw new ApiError('second_factor_required')
      return work(tx, user)
    })
  }

  /** Asks a device, or all of them, for the second factor again. */
  async distrust(call: FactorCall, deviceId?: string): Promise<void> {
    const { models, securityLog } = this.#parts
    const { principal, client } = call
    const { userId: user, sessionId: session } = principal
    await this.#context(call).transaction(async (tx) => {
      const own = tx.query(models.trustedDevice).filter({ user, ...(deviceId !== undefined && { id: deviceId }) })
      const count = await own.delete()
      if (count > 0) await securityLog.record(tx, { kind: 'device_revoked', user, session, client, details: { count } })
    })
  }

  /**
   * Takes all factors of a user away, and all that they let in, in the transaction of `tx`: for whoever has lost them.
   * False if there were none.
   */
  async reset(tx: Context, userId: string): Promise<boolean> {
    const { models, trust } = this.#parts
    const factors = [models.totp, models.passkey, models.recoveryCode, models.trustedDevice] as const
    let removed = 0
    for (const factor of factors) removed += await tx.query(factor).filter({ user: userId }).delete()
    await trust.withdraw(tx, userId)
    return removed > 0
  }

  #record(tx: Context, { principal, ...change }: Recorded): Promise<void> {
    return this.#parts.changes.record(tx, { ...change, sessionId: principal.sessionId })
  }

  #context({ principal: { userId }, client: { requestId, queryLog = null } }: FactorCall): Context {
    return createContext(this.#parts.store, { actor: userId, business: null, requestId, queryLog })
  }
}

const WRONG_CODE = 'This is not the code that the app shows now.'

type Recorded = FactorCall & Omit<Parameters<FactorChanges['record']>[1], 'sessionId'>
