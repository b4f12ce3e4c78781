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
