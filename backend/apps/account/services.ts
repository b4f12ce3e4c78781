import { credentialsChanged, deviceName, hashPassword, type Revoker, unlockAccount } from '@bailiwick/kit/auth'
import type { SecretBox } from '@bailiwick/kit/base'
import { type Context, createContext } from '@bailiwick/kit/db'
import { Business } from '../business/models.ts'
import { OneTimeToken, type Session, TrustedDevice, User } from './models.ts'

export interface NewUser {
  readonly email: string
  readonly name: string
  readonly password: string
  readonly isSuperuser?: boolean
}

/**
 * Makes a user whose address is taken to be theirs. Call it outside any business: a user belongs to none until they become
 * a member.
 */
export async function createUser(ctx: Context, { password, isSuperuser = false, ...values }: NewUser): Promise<User> {
  return ctx.query(User).create({
    ...values,
    password: await hashPassword(password),
    is_superuser: isSuperuser,
    email_verified_at: new Date(ctx.store.clock.now()),
  })
}

/** The user of that address, in whatever case it is written; or null. */
export function findUser(ctx: Context, email: string): Promise<User | null> {
  return ctx.query(User).filter({ email }).first()
}

export interface NewPassword {
  readonly userId: string
  readonly password: string
  readonly revoker: Revoker
  readonly box: SecretBox
}

/**
 * Gives a user a new password, ends what the old one led to (sessions, trusted devices, and links in e-mails), and unlocks
 * the account: whoever may do this for somebody else knows whom they let in.
 */
export async function changePassword(ctx: Context, { userId, password, revoker, box }: NewPassword): Promise<void> {
  const hashed = await hashPassword(password)
  await ctx.transaction(async (tx) => {
    await tx.query(User).filter({ id: userId }).update({ password: hashed })
    const { email } = await tx.query(User).get(userId)
    await unlockAccount(tx, { box, account: email })
    await credentialsChanged(
      tx,
      { models: { oneTimeToken: OneTimeToken, trustedDevice: TrustedDevice }, revoker },
      { userId },
    )
  })
}

/** Lets a user sign in no more, or again. */
export async function setUserActive(
  ctx: Context,
  { userId, isActive, revoker }: { readonly userId: string; readonly isActive: boolean; readonly revoker: Revoker },
): Promise<void> {
  await ctx.transaction(async (tx) => {
    await tx.query(User).filter({ id: userId }).update({ is_active: isActive })
    await revoker.userChanged(tx, userId)
  })
}

/** Sessions as their user sees them. Of one in which a superuser works as the user it is not told from where. */
export async function describeSessions(ctx: Context, sessions: readonly Session[], currentId: string) {
  // Outside any business: inside one no other is seen, but these are the user's own.
  const { store, actor, requestId } = ctx
  const outside = createContext(store, { actor, business: null, requestId })
  const ids = sessions.flatMap(({ business }) => business ?? [])
  const businesses = await outside.query(Business).inBulk([...new Set(ids)])
  return sessions.map((session) => {
    const { impersonator, business, ip, user_agent } = session
    const place = impersonator === null ? { ip, device: deviceName(user_agent) } : { ip: null, device: null }
    return {
      ...session,
      ...place,
      is_current: session.id === currentId,
      is_impersonated: impersonator !== null,
      business_name: business === null ? null : (businesses.get(business)?.name ?? null),
    }
  })
}
