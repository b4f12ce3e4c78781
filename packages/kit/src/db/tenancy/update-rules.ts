import {
  ColumnNode,
  type ColumnUpdateNode,
  FromNode,
  ListNode,
  type OperationNode,
  RawNode,
  ReferenceNode,
  type UpdateQueryNode,
} from 'kysely'
import { Sources, type TableSource } from './sources.ts'
import type { TenancyTable } from './tenancy-catalogue.ts'
import { TenancyError } from './tenancy-error.ts'
import type { Walk } from './walk.ts'

export function holdUpdate(node: UpdateQueryNode, walk: Walk): UpdateQueryNode {
  if (node.table === undefined) throw new TenancyError('Cannot update: the query names no table')
  const sources = new Sources(walk, node.joins)
  const targets = targetsOf(node.table).map((target) => sources.addTarget(target))
  const from = node.from && FromNode.create(node.from.froms.map((item) => sources.add(item)))
  const joins = node.joins?.map((join) => sources.join(join))
  const tables = targets.map((target: TableSource) => target.table)
  return walk.rest(node, {
    with: node.with,
    table: node.table,
    from,
    joins,
    updates: node.updates?.map((update) => holdColumnUpdate(update, tables, walk)),
    where: sources.where(node.where),
    endModifiers: refuseEnd(node.endModifiers),
  })
}

/**
 * One assignment of an update or an upsert. A row stays in its business for life: the business column cannot be set,
 * not even to the same business.
 */
export function holdColumnUpdate(
  node: ColumnUpdateNode,
  tables: readonly TenancyTable[],
  walk: Walk,
): ColumnUpdateNode {
  const column = walk.node(node.column, 'value')
  const name = columnName(column)
  for (const { table, scope, businessColumn } of tables) {
    if (scope !== 'business' || businessColumn === undefined) continue
    if (name === undefined)
      throw new TenancyError(`Cannot update ${table} by an expression as the column: name the column`)
    if (name.toLowerCase() === businessColumn.toLowerCase())
      throw new TenancyError(`Cannot set ${businessColumn} of ${table}: a row does not change its business`)
  }
  return { ...node, column, value: walk.node(node.value, 'value') }
}

/** @throws {TenancyError} if there is one: it stands right after the predicate, and could go on with `or` */
export function refuseEnd(endModifiers: readonly OperationNode[] | undefined): undefined {
  if (endModifiers !== undefined && endModifiers.length > 0)
    throw new TenancyError('Cannot end an insert, update or delete with raw SQL')
}

// MySQL updates several tables at once.
function targetsOf(table: OperationNode): readonly OperationNode[] {
  return ListNode.is(table) ? table.items : [table]
}

export function columnName(node: OperationNode): string | undefined {
  if (ReferenceNode.is(node)) return columnName(node.column)
  if (ColumnNode.is(node)) return node.column.name
  // `sql.ref('name')`: a name and nothing else.
  if (RawNode.is(node) && node.sqlFragments.every((fragment) => fragment === '') && node.parameters.length === 1)
    return node.parameters[0] && columnName(node.parameters[0])
  return undefined
}
