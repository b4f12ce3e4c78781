import type { Expression } from 'kysely'
import type { DialectName } from '../dialects/index.ts'

/** What a view of a column is made SQL of. */
export interface ViewPlace {
  readonly ref: Expression<unknown>
  /** The item of a list that is gone through, where there is one. */
  readonly item: Expression<unknown> | null
  readonly dialect: DialectName
  /** The places of the view's values. */
  readonly slots: readonly unknown[]
}
