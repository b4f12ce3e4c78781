import { RawNode, type RootOperationNode } from 'kysely'
import type { WallOptions } from './walk.ts'
import { Walker } from './walker.ts'

/**
 * Binds every table of a query that is divided among businesses to the one business: in joins, subqueries, common
 * table expressions, unions, inserts, updates, deletes and upserts alike. What it cannot bind it refuses.
 *
 * @throws {TenancyError} if the query names such a table and there is no business; if it names a table that the
 * catalogue does not have; if it holds raw SQL that names a divided table or is not closed in itself; if it would write
 * to another business; if it changes the schema
 */
export function holdInsideBusiness(node: RootOperationNode, options: WallOptions): RootOperationNode {
  return new Walker(options).node(node, RawNode.is(node) ? 'statement' : 'expression')
}
