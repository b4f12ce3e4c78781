import { ApiError, type SecretBox } from '../../base/index.ts'
import type { Context } from '../../db/index.ts'
import type { TotpModel } from '../models/factor-models.ts'
import { matchingStep, newTotpSecret } from './totp-code.ts'

/** The authenticator apps of users: one each. */
export class Authenticators {
  readonly #model: TotpModel
  readonly #box: SecretBox

  constructor({ model, box }: { readonly model: TotpModel; readonly box: SecretBox }) {
    this.#model = model
    this.#box = box
  }

  /**
   * Gives a new secret, which counts from its first code on. Until then it may be begun anew.
   *
   * @throws {ApiError} `conflict` if the user has an authenticator app already
   */
  async begin(tx: Context, userId: string): Promise<string> {
    const secret = newTotpSecret()
    await tx.query(this.#model).filter({ user: userId, confirmed_at__isnull: true }).delete()
    if (await tx.query(this.#model).filter({ user: userId }).exists()) {
      throw new ApiError('conflict', { message: 'There is an authenticator app already: disable it first.' })
    }
    await tx.query(this.#model).create({
      user: userId,
      secret_sealed: this.#box.seal(secret, SECRET),
      created_at: new Date(tx.store.clock.now()),
    })
    return secret
  }

  /** Takes the first code. False if it is wrong, nothing was begun, or somebody was sooner. */
  confirm(tx: Context, userId: string, code: string): Promise<boolean> {
    return this.#take(tx, { code, whose: { user: userId, confirmed_at__isnull: true }, isFirst: true })
  }

  /** Takes a code, once: neither it nor an older one is taken again. */
  use(tx: Context, userId: string, code: string): Promise<boolean> {
    return this.#take(tx, { code, whose: { user: userId, confirmed_at__isnull: false }, isFirst: false })
  }

  async remove(tx: Context, userId: string): Promise<boolean> {
    return (await tx.query(this.#model).filter({ user: userId }).delete()) > 0
  }

  async #take(tx: Context, { code, whose, isFirst }: Taken): Promise<boolean> {
    const row = await tx.query(this.#model).filter(whose).first()
    if (row === null) return false
    const nowMs = tx.store.clock.now()
    const step = matchingStep(this.#box.open(row.secret_sealed, SECRET), code, nowMs)
    if (step === null) return false
    // One statement names what must still hold: of many who bring a code at the same time the database lets one through.
    const unused = tx.query(this.#model).filter({ id: row.id, last_step__lt: step, ...whose })
    return (await unused.update({ last_step: step, ...(isFirst && { confirmed_at: new Date(nowMs) }) })) === 1
  }
}

const SECRET = 'totp'

interface Taken {
  readonly code: string
  readonly whose: { readonly user: string; readonly confirmed_at__isnull: boolean }
  readonly isFirst: boolean
}
