import type { Context, Row } from '../../db/index.ts'
import type { Client } from '../models/client.ts'
import type { UserModel } from '../models/user-models.ts'
import type { Transport } from '../permissions/principal.ts'
import type { SessionTokens } from '../sessions/refresh.ts'
import { allBusinesses, ownBusinesses, type Place } from './own-businesses.ts'
import { type Profile, shownUser } from './profile.ts'
import { type SignInParts, systemContext } from './sign-in-parts.ts'

/** Who has proved who they are, and how. */
export interface NewSignIn {
  readonly user: Row<UserModel>
  readonly client: Client
  readonly transport: Transport
  /** Whether a second factor was shown, or a passkey, which counts as both. */
  readonly hasSecondFactor: boolean
  /** The trusted device that they came by. */
  readonly deviceId?: string | null
  /** Whether the device is to be spared the second factor from now on. */
  readonly rememberDevice?: boolean
  /** The businesses of the user, where they are known. */
  readonly places?: readonly Place[]
  /**
   * What uses up the proof (a challenge, a code), in the transaction that begins the session: false ends the sign-in, and
   * the transaction is rolled back. The user's row is held by then.
   */
  readonly claim?: (tx: Context) => Promise<boolean>
}

/** A sign-in that is done: the tokens of a new session. */
export interface SignIn extends SessionTokens, Profile {
  readonly challenge: null
  /** By which the device is not asked for the second factor the next time; shown once. */
  readonly device_token: string | null
}

/**
 * Begins a session for a user who has proved who they are, in the first by name of their businesses. Null if that is no
 * longer worth anything: the user was made inactive or got another password meanwhile, or `claim` says so.
 */
export async function finishSignIn(parts: SignInParts, signIn: NewSignIn): Promise<SignIn | null> {
  const { store, models } = parts
  const { user, client } = signIn
  const ctx = systemContext(store, user.id, client)
  const own = signIn.places ?? (await ownBusinesses(ctx, models, user.id))
  const place = own[0] ?? null
  const last_login = new Date(store.clock.now())
  const begun = await beginSession(parts, ctx, { ...signIn, place, last_login })
  if (begun === null) return null
  const isKeptOut = place?.needsSecondFactor === true && !signIn.hasSecondFactor
  return {
    ...begun,
    user: shownUser({ ...user, last_login }),
    business: isKeptOut ? null : (place?.business ?? null),
    businesses: user.is_superuser ? await allBusinesses(ctx, models) : own.map(({ business }) => business),
    second_factor_required: isKeptOut,
    challenge: null,
  }
}

interface Beginning extends NewSignIn {
  readonly place: Place | null
  readonly last_login: Date
}

type Begun = SessionTokens & Pick<SignIn, 'device_token'>

class NotClaimed extends Error {}

async function beginSession(parts: SignInParts, ctx: Context, beginning: Beginning): Promise<Begun | null> {
  const { models, sessions } = parts
  const { user, client, transport, hasSecondFactor, place, last_login, claim } = beginning
  const business = place?.business.id ?? null
  const work = ctx.transaction(async (tx) => {
    // A password that was changed since it was verified, or a user made inactive, finds no row here. What changes them
    // holds the same row, so it comes before, or ends this session as well.
    const still = tx.query(models.user).filter(stillSame(user))
    if ((await still.update({ last_login })) !== 1) throw new NotClaimed()
    if (claim && !(await claim(tx))) throw new NotClaimed()
    await tellOfNewDevice(parts, tx, beginning)
    const pair = await sessions.start(tx, { userId: user.id, business, client, transport, hasSecondFactor })
    await parts.securityLog.record(tx, { kind: 'login', user: user.id, business, client })
    return { ...pair, device_token: await trustDevice(parts, tx, beginning) }
  })
  return work.catch((error: unknown) => {
    if (error instanceof NotClaimed) return null
    throw error
  })
}

async function trustDevice(
  { devices, securityLog }: SignInParts,
  tx: Context,
  { user, client, rememberDevice = false }: Beginning,
): Promise<string | null> {
  if (!rememberDevice) return null
  await securityLog.record(tx, { kind: 'device_trusted', user: user.id, client })
  return devices.trust(tx, { userId: user.id, client })
}

/** Finds the user only as long as nothing has changed by which they are let in. */
export function stillSame({ id, password }: Row<UserModel>) {
  return { id, is_active: true, ...(password === null ? { password__isnull: true } : { password }) }
}

async function tellOfNewDevice(
  { securityLog, sendNotice }: SignInParts,
  tx: Context,
  { user, client, deviceId = null }: Beginning,
): Promise<void> {
  if (deviceId !== null) return
  if (await securityLog.isNewDevice(tx, { user: user.id, client })) {
    await sendNotice(tx, { template: 'new_device', to: user, client })
  }
}
