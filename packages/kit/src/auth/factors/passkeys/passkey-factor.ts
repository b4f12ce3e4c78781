import { hash } from 'node:crypto'
import { ApiError, type SecretBox, validationError } from '../../../base/index.ts'
import type { Context, Row } from '../../../db/index.ts'
import type { PasskeySettings } from '../../../settings/index.ts'
import type { AuthModels } from '../../models/auth-models.ts'
import type { PasskeyModel } from '../../models/factor-models.ts'
import type { OneTimeTokens } from '../../one-time/one-time-tokens.ts'
import { Ceremonies, type CeremonySubject } from './ceremonies.ts'
import { readClientData } from './client-data.ts'
import { credentialError, type UsedCredential } from './credential.ts'
import { creationOptions, type PasskeyOptions, requestOptions, userHandleOf } from './passkey-options.ts'
import { verifyAssertion } from './verify-assertion.ts'
import type { VerifiedPasskey } from './verify-registration.ts'

export const MOST_PASSKEYS = 20

export interface PasskeyFactorOptions {
  readonly site: PasskeySettings
  readonly models: Pick<AuthModels, 'user' | 'passkey'>
  readonly tokens: OneTimeTokens
  readonly box: SecretBox
}

/** Whose passkeys are meant, as the browser is told of them. */
export interface PasskeyUser {
  readonly userId: string
  readonly email: string
  readonly name: string
}

/** A passkey that was shown, and is the user's. */
export interface PasskeyProof {
  readonly userId: string
  readonly passkeyId: string
  /** Uses the challenge up and takes down the count, in the transaction of what it was shown for. False: somebody was sooner. */
  claim(tx: Context): Promise<boolean>
}

/** Why a passkey was not taken: `copied` if its count went back, though its signature is right. */
export type PasskeyRefusal =
  | { readonly refused: 'wrong' }
  | { readonly refused: 'copied'; readonly passkey: Row<PasskeyModel> }

/** Makes, keeps and verifies passkeys. Whether the user may, and what follows from it, is for the caller. */
export class PasskeyFactor {
  readonly #options: PasskeyFactorOptions
  readonly #ceremonies: Ceremonies

  constructor(options: PasskeyFactorOptions) {
    this.#options = options
    this.#ceremonies = new Ceremonies(options)
  }

  get site(): PasskeySettings {
    return this.#options.site
  }

  /** Begins the making of a passkey. */
  async creationOptions(ctx: Context, user: PasskeyUser): Promise<PasskeyOptions> {
    const challenge = await this.#ceremonies.begin(ctx, { ceremony: 'registration', user: user.userId })
    return creationOptions({ site: this.site, challenge, user, passkeys: await this.#passkeysOf(ctx, user.userId) })
  }

  /** Begins the use of a passkey: of a user, or of whomever the passkey names. */
  async requestOptions(ctx: Context, subject: CeremonySubject): Promise<PasskeyOptions> {
    const challenge = await this.#ceremonies.begin(ctx, subject)
    const passkeys = subject.user === null ? [] : await this.#passkeysOf(ctx, subject.user)
    return requestOptions({ site: this.site, challenge, passkeys, needsUserVerification: needsVerification(subject) })
  }

  hasAny(ctx: Context, user: string): Promise<boolean> {
    return ctx.query(this.#options.models.passkey).filter({ user }).exists()
  }

  /**
   * Keeps a passkey that was verified, in the transaction of `tx`.
   *
   * @throws {ApiError} `validation_failed` if its challenge is used up or not the user's, it is known already, its name is
   *   taken, or there are 20; `token_not_valid` if the user is gone or inactive
   */
  async add(tx: Context, passkey: VerifiedPasskey, { userId, name }: NewPasskey): Promise<Row<PasskeyModel>> {
    const { models } = this.#options
    await this.#holdUser(tx, userId)
    const own = await this.#passkeysOf(tx, userId)
    assertNameIsFree(own, name)
    if (own.length >= MOST_PASSKEYS)
      throw validationError({ non_field_errors: [`No more than ${MOST_PASSKEYS} passkeys.`] })
    const credential_hash = hashCredentialId(passkey.credentialId)
    if (await tx.query(models.passkey).filter({ credential_hash }).exists()) throw credentialError(KNOWN)
    if (!(await this.#ceremonies.end(tx, passkey.challenge, { ceremony: 'registration', user: userId }))) {
      throw credentialError('Its challenge is unknown, used or older than five minutes: ask for new options.')
    }
    return tx.query(models.passkey).create({
      user: userId,
      name,
      credential_id: passkey.credentialId,
      credential_hash,
      public_key: passkey.publicKey,
      sign_count: BigInt(passkey.signCount),
      transports: [...passkey.transports],
      is_backed_up: passkey.isBackedUp,
      created_at: new Date(tx.store.clock.now()),
    })
  }

  /** @throws {ApiError} `validation_failed` if another passkey of the user has the name */
  async rename(tx: Context, passkeyId: string, { userId, name }: NewPasskey): Promise<void> {
    await this.#holdUser(tx, userId)
    const others = (await this.#passkeysOf(tx, userId)).filter(({ id }) => id !== passkeyId)
    assertNameIsFree(others, name)
    await tx.query(this.#options.models.passkey).filter({ id: passkeyId, user: userId }).update({ name })
  }

  /** The passkey that a credential names, whoever's it is; or null. */
  find(ctx: Context, { id }: UsedCredential): Promise<Row<PasskeyModel> | null> {
    return ctx
      .query(this.#options.models.passkey)
      .filter({ credential_hash: hashCredentialId(id) })
      .first()
  }

  /** Verifies the use of a passkey. Nothing is written: `claim` makes it count, once. */
  async verify(ctx: Context, used: UsedCredential, subject: CeremonySubject): Promise<PasskeyProof | PasskeyRefusal> {
    const clientData = readClientData(used.clientDataJSON)
    const passkey = await this.find(ctx, used)
    if (clientData === null || passkey === null || !isOf(passkey, used, subject)) return { refused: 'wrong' }
    // Asked after the passkey was read: the count of one that was used meanwhile must not look as if it had gone back.
    if (!(await this.#ceremonies.isOpen(ctx, clientData.challenge, subject))) return { refused: 'wrong' }
    const rules = { site: this.site, clientData, publicKey: passkey.public_key }
    const needsUserVerification = needsVerification(subject)
    const verified = await verifyAssertion(used, { ...rules, needsUserVerification })
    if (verified === null) return { refused: 'wrong' }
    const { id: passkeyId, user: userId } = passkey
    const signCount = BigInt(verified.signCount)
    if (signCount <= passkey.sign_count && passkey.sign_count > 0n) return { refused: 'copied', passkey }
    const claim = async (tx: Context): Promise<boolean> =>
      (await this.#ceremonies.end(tx, clientData.challenge, subject)) &&
      (await this.#countUse(tx, passkeyId, { signCount, isBackedUp: verified.isBackedUp }))
    return { userId, passkeyId, claim }
  }

  /** One statement, so that of many who bring the same count the database lets one through. */
  async #countUse(tx: Context, id: string, { signCount, isBackedUp }: PasskeyUse): Promise<boolean> {
    const own = tx.query(this.#options.models.passkey).filter({ id })
    // Many passkeys do not count: they always say 0.
    const unused = signCount === 0n ? own.filter({ sign_count: 0n }) : own.filter({ sign_count__lt: signCount })
    const last_used_at = new Date(tx.store.clock.now())
    return (await unused.update({ sign_count: signCount, is_backed_up: isBackedUp, last_used_at })) === 1
  }

  #passkeysOf(ctx: Context, user: string): Promise<Row<PasskeyModel>[]> {
    return ctx.query(this.#options.models.passkey).filter({ user }).orderBy('created_at', 'id').all()
  }

  /** Of many who add at the same time each waits for the one before: so the names and the number hold. */
  async #holdUser(tx: Context, id: string): Promise<void> {
    const user = await tx.query(this.#options.models.user).filter({ id, is_active: true }).forUpdate().first()
    if (user === null) throw new ApiError('token_not_valid')
  }
}

const KNOWN = 'This passkey is registered already.'

export interface NewPasskey {
  readonly userId: string
  readonly name: string
}

interface PasskeyUse {
  readonly signCount: bigint
  readonly isBackedUp: boolean
}

/** Whoever has given a password has shown one factor: holding the passkey is the other. Where it stands alone, it must be both. */
function needsVerification({ ceremony }: CeremonySubject): boolean {
  return ceremony !== 'second_factor'
}

/** Whether the passkey is of the user who is meant; where nobody is, it must say itself whose it is (WebAuthn § 7.2, step 6). */
function isOf(passkey: Row<PasskeyModel>, { userHandle }: UsedCredential, { user }: CeremonySubject): boolean {
  if (user !== null && passkey.user !== user) return false
  if (userHandle === null) return user !== null
  return userHandle === userHandleOf(passkey.user)
}

function assertNameIsFree(passkeys: readonly Row<PasskeyModel>[], name: string): void {
  const isTaken = passkeys.some((passkey) => passkey.name.toLowerCase() === name.toLowerCase())
  if (isTaken) throw validationError({ name: ['Another of your passkeys has this name.'] })
}

/** Ids of credentials are no secrets, but too long for a unique key. */
export function hashCredentialId(credentialId: string): string {
  return hash('sha256', Buffer.from(credentialId, 'base64url'), 'hex')
}
