import { datetime, longText, text, uuid } from '../fields/index.ts'
import { model } from '../models/index.ts'
import { insertRows } from './insert-rows.ts'
import type { QueryScope } from './query-scope.ts'

/** What was done with more right than usual: who, when, in which request, and why. */
export const AuditEntry = model('kit.AuditEntry', {
  scope: 'global',
  reason: 'It tells of work that reaches across businesses; only superusers may read it.',
  verboseName: 'audit entry',
  verboseNamePlural: 'audit entries',
  fields: {
    at: datetime(),
    actor: uuid().optional(),
    /** The superuser who worked as the actor. */
    impersonator: uuid().optional(),
    business: uuid().optional(),
    request_id: text({ max: 64 }),
    action: text({ max: 50 }),
    reason: longText(),
  },
  indexes: [['-at']],
})

/** Notes that a piece of work leaves its business. @throws {TypeError} if no reason is given */
export async function recordCrossing(ctx: QueryScope, reason: string): Promise<void> {
  if (reason.trim() === '') throw new TypeError('acrossBusinesses() needs a reason: it is kept in the audit log')
  const entry = {
    at: new Date(ctx.store.clock.now()),
    actor: ctx.actor,
    impersonator: ctx.impersonator,
    business: ctx.business,
    request_id: ctx.requestId,
    action: 'across_businesses',
    reason,
  }
  await insertRows(ctx, AuditEntry, { rows: [entry], returning: ['id'] })
}
