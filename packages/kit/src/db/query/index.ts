export { type Aggregate, type AggregateOptions, avg, type CountOptions, count, max, min, sum } from './aggregate.ts'
export { AuditEntry } from './audit-entry.ts'
export type { Changes } from './changes.ts'
export { type Cleaned, cleanInsert, cleanUpdate, cleanValue, encodedValue, omittedValue } from './clean-values.ts'
export { compare, compareOrThrow } from './comparison.ts'
export { type Comparison, type Condition, shapeOf } from './condition.ts'
export type { Context } from './context.ts'
export { createContext, type Identity } from './create-context.ts'
export { deleteRows } from './delete-rows.ts'
export { type FieldPath, resolvePath } from './field-path.ts'
export { filterConditions } from './filter-conditions.ts'
export { type FilterKey, reached, readFilterKey, resolveFilter } from './filter-target.ts'
export type { Filter, Filterable, FilterName, LoadedRow, Path, RelationName } from './filter-types.ts'
export { type HookDeclaration, HookSet } from './hook-set.ts'
export { hooks, isHooks, type ModelHooks, type RowChange } from './hooks.ts'
export { insertCleaned, insertRows } from './insert-rows.ts'
export { orderTerms } from './order-terms.ts'
export { type PairRelation, pairRelation, tiedIds } from './pairs.ts'
export { MAX_IN_VALUES, parseTyped, parseWritten } from './parsed-values.ts'
export type { Protector } from './protected-error.ts'
export { Query } from './query.ts'
export { QueryLog, type QueryLogOptions, type QueryLogTarget } from './query-log.ts'
export type { ActorId, QueryScope } from './query-scope.ts'
export type {
  BulkCreateOptions,
  ExplainOptions,
  IterateOptions,
  LockOptions,
  OrderName,
  Page,
  PageOptions,
  UpsertOptions,
} from './query-types.ts'
export { relatedSpec } from './related-spec.ts'
export { restoreRows } from './restore-rows.ts'
export { type LinkedModel, type LinkName, RowLinks } from './row-links.ts'
export { rowMembers } from './row-members.ts'
export { assertVersion, type ExpectedVersion } from './row-version.ts'
export type { TransactionOptions } from './run-transaction.ts'
export { searchCondition } from './search.ts'
export { chunksOf, oneOf, plainSpec, selectRows } from './select-rows.ts'
export {
  type DeletedRows,
  type Expansion,
  type OrderTerm,
  type SelectSpec,
  shapeOfSpec,
  valuesOfSpec,
} from './select-spec.ts'
export { selectStatement } from './select-statement.ts'
export type { Groups } from './shapable-rows.ts'
export { ShapedQuery } from './shaped-query.ts'
export { createStore, type Plan, type Reach, type Store, type StoreOptions } from './store.ts'
export type { TableOf, Tables } from './tables.ts'
export { setPairs } from './tie-rows.ts'
export { updateRow, writeWhere } from './update-rows.ts'
