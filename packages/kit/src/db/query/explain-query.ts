import { type QuerySource, specOf } from './query-source.ts'
import { shapeOfSpec, valuesOfSpec } from './select-spec.ts'
import { selectStatement } from './select-statement.ts'

/** How the database would read the rows of a query, in its own words; with `analyze` it reads them, and tells how long it took. */
export async function explainQuery(source: QuerySource, isAnalyzed: boolean): Promise<string> {
  const { store, reach, executor, business } = source.ctx
  const spec = specOf(source)
  const plan = store.plan(shapeOfSpec(spec), reach, () => selectStatement(store, spec))
  const params = plan.bind(valuesOfSpec(spec, business))
  const { rows } = await executor.execute({ sql: `${explaining(source, isAnalyzed)} ${plan.statement.sql}` }, params)
  return rows.map((row) => String(row.at(-1))).join('\n')
}

function explaining({ ctx }: QuerySource, isAnalyzed: boolean): string {
  const { dialect, version } = ctx.store.database
  switch (dialect) {
    case 'sqlite':
      if (isAnalyzed) throw new TypeError('SQLite only tells its plan: explain() without analyze')
      return 'explain query plan'
    case 'postgresql':
      return isAnalyzed ? 'explain (analyze, buffers)' : 'explain'
    case 'mysql':
      if (!isAnalyzed) return 'explain format=json'
      return version.includes('MariaDB') ? 'analyze format=json' : 'explain analyze'
  }
}
