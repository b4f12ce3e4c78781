import { sql } from 'kysely'
import type { AnyModel } from '../models/index.ts'
import type { Context } from '../query/index.ts'

/**
 * Lets counted ids go on after the greatest that was loaded. The other databases see to that by themselves.
 *
 * @param ctx sees all businesses
 */
export async function resetCounters({ store, executor }: Context, models: readonly AnyModel[]): Promise<void> {
  if (store.database.dialect !== 'postgresql') return
  for (const { table, label } of models.filter(({ idKind }) => idKind === 'bigint')) {
    const plan = store.plan(`reset counter of ${label}`, 'all', () =>
      store.builder
        .selectFrom(table)
        .select(sql`setval(pg_get_serial_sequence(${sql.lit(`"${table}"`)}, 'id'), greatest(max(id), 1))`.as('next'))
        .toOperationNode(),
    )
    await executor.execute(plan.statement, plan.bind([]))
  }
}
