import {
  CaseNode,
  type ColumnUpdateNode,
  type OnConflictNode,
  type OnDuplicateKeyNode,
  type OperationNode,
  ParensNode,
  WhenNode,
  WhereNode,
} from 'kysely'
import { allOf, referenceTo } from './predicate.ts'
import type { TenancyTable } from './tenancy-catalogue.ts'
import { TenancyError } from './tenancy-error.ts'
import { columnName, holdColumnUpdate } from './update-rules.ts'
import type { Walk } from './walk.ts'

export interface UpsertTarget {
  readonly table: TenancyTable
  readonly name: string
  /** What a row that is already there must fulfil to be the business's own. */
  readonly predicate: OperationNode | undefined
  readonly hasReturning: boolean
}

// The row that an insert clashes with is one of this business as long as all unique keys begin with it; that is the
// schema's promise, and the wall does not lean on another wall.
export function holdConflict(node: OnConflictNode, { table, predicate }: UpsertTarget, walk: Walk): OnConflictNode {
  const updates = node.updates?.map((update) => holdColumnUpdate(update, [table], walk))
  const predicates = predicate === undefined || updates === undefined ? [] : [predicate]
  const condition = allOf(predicates, node.updateWhere && walk.node(node.updateWhere.where))
  return walk.rest(node, { updates, updateWhere: condition && WhereNode.create(condition) })
}

/** MySQL's upsert has no `where`: each assignment keeps the old value of a row that is not the business's own. */
export function holdDuplicateKey(node: OnDuplicateKeyNode, target: UpsertTarget, walk: Walk): OnDuplicateKeyNode {
  const { table, predicate, hasReturning } = target
  const updates = node.updates.map((update) => holdColumnUpdate(update, [table], walk))
  if (predicate === undefined) return { ...node, updates }
  // MariaDB returns the row that was there, changed or not.
  if (hasReturning)
    throw new TenancyError(`Cannot return rows from an upsert of ${table.table} on MySQL: read them after`)
  return { ...node, updates: updates.map((update) => keepUnless(update, predicate, target.name)) }
}

function keepUnless(update: ColumnUpdateNode, predicate: OperationNode, table: string): ColumnUpdateNode {
  const column = columnName(update.column)
  if (column === undefined) throw new TenancyError('Cannot update by an expression as the column: name the column')
  const own = WhenNode.cloneWithResult(WhenNode.create(predicate), ParensNode.create(update.value))
  const guarded = CaseNode.cloneWithWhen(CaseNode.create(), own)
  return { ...update, value: CaseNode.cloneWith(guarded, { else: referenceTo(table, column) }) }
}
