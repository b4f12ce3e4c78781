import { type Context, choice, datetime, model, uuid } from '../../db/index.ts'

/** What a revocation is about: one session, every session of a user, or every session in a business. */
export const REVOCATION_KINDS = ['session', 'user', 'business'] as const

/**
 * Tells the other nodes that what they remember of a session, a user or a business is no longer true. Written in the
 * transaction of the change itself, so that neither can be without the other.
 */
export const Revocation = model('kit.Revocation', {
  scope: 'global',
  reason: 'It tells nodes, not people, what to forget.',
  id: 'bigint',
  fields: { at: datetime(), kind: choice(REVOCATION_KINDS), key: uuid() },
  indexes: [['at']],
})

/** What is to be forgotten: everything remembered of that session, user or business. */
export interface Revoked {
  readonly kind: (typeof REVOCATION_KINDS)[number]
  readonly key: string
}

/** Writes a revocation, in the transaction of `ctx` if it has one. */
export type RevocationRecorder = (ctx: Context, revoked: Revoked) => Promise<void>

export const recordRevocation: RevocationRecorder = async (ctx, revoked) => {
  await ctx.query(Revocation).create({ at: new Date(ctx.store.clock.now()), ...revoked })
}

/** How long revocations are kept: nodes look back ten minutes at the most. */
export const REVOCATIONS_KEPT_MS = 24 * 3_600_000

/** Removes old revocations, and tells how many. */
export async function flushRevocations(ctx: Context): Promise<number> {
  // The newest always stays: some databases would give the ids of an emptied table out again.
  const newest = await ctx.query(Revocation).orderBy('-id').first()
  if (newest === null) return 0
  const old = { at__lt: new Date(ctx.store.clock.now() - REVOCATIONS_KEPT_MS), id__lt: newest.id }
  return ctx.query(Revocation).filter(old).delete()
}
