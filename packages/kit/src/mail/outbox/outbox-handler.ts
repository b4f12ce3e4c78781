import type { Context, Json } from '../../db/index.ts'

/**
 * Does the work of an entry, in the transaction that also marks it done: all of it happens, once, or it is tried again.
 * It stands in the business in which the entry was added, and acts for nobody.
 */
export type OutboxHandler = (ctx: Context, payload: Json) => Promise<void>

/** By topic. */
export type OutboxHandlers = Readonly<Record<string, OutboxHandler>>
