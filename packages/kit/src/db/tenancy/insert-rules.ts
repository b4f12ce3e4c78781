import { type InsertQueryNode, TableNode } from 'kysely'
import { bindRows } from './insert-rows.ts'
import { nameOf, predicateFor } from './predicate.ts'
import { getTable } from './sources.ts'
import { TenancyError } from './tenancy-error.ts'
import { refuseEnd } from './update-rules.ts'
import { holdConflict, holdDuplicateKey, type UpsertTarget } from './upsert-rules.ts'
import type { Walk } from './walk.ts'

export function holdInsert(node: InsertQueryNode, walk: Walk): InsertQueryNode {
  const target = targetOf(node, walk)
  const { table, predicate } = target
  if (predicate !== undefined) refuseReplace(node, table.table)
  const rows = table.scope === 'business' ? bindRows(node, table, walk) : node
  return walk.rest(rows, {
    with: node.with,
    into: node.into,
    values: rows.values && walk.node(rows.values, 'value'),
    onConflict: node.onConflict && holdConflict(node.onConflict, target, walk),
    onDuplicateKey: node.onDuplicateKey && holdDuplicateKey(node.onDuplicateKey, target, walk),
    endModifiers: refuseEnd(node.endModifiers),
  })
}

function targetOf({ into, returning }: InsertQueryNode, walk: Walk): UpsertTarget {
  if (into === undefined || !TableNode.is(into)) throw new TenancyError('Cannot insert: the query names no table')
  const table = getTable(into, walk)
  const name = nameOf(into)
  return { table, name, predicate: predicateFor(table, name, walk.wall), hasReturning: returning !== undefined }
}

// A replaced row is deleted and made anew: the key that it clashes with may be another business's row.
function refuseReplace({ replace, orAction }: InsertQueryNode, table: string): void {
  if (replace === true || orAction?.action === 'replace')
    throw new TenancyError(`Cannot replace rows of ${table}: it could delete a row of another business; use an upsert`)
}
