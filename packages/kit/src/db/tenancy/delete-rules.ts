import { type DeleteQueryNode, FromNode, type OperationNode, TableNode, UsingNode } from 'kysely'
import { nameOf } from './predicate.ts'
import { Sources } from './sources.ts'
import { TenancyError } from './tenancy-error.ts'
import { refuseEnd } from './update-rules.ts'
import type { Walk } from './walk.ts'

export function holdDelete(node: DeleteQueryNode, walk: Walk): DeleteQueryNode {
  const sources = new Sources(walk, node.joins)
  // On MySQL `delete from a, b using a inner join b` the first list only says which of the sources lose rows.
  const namesSources = walk.wall.dialect === 'mysql' && node.using !== undefined
  if (!namesSources) for (const target of node.from.froms) sources.addTarget(target)
  const using = node.using && UsingNode.create(node.using.tables.map((table) => sources.add(table)))
  const joins = node.joins?.map((join) => sources.join(join))
  if (namesSources) for (const target of node.from.froms) requireNamed(target, sources)
  return walk.rest(node, {
    with: node.with,
    from: FromNode.create(node.from.froms),
    using,
    joins,
    where: sources.where(node.where),
    endModifiers: refuseEnd(node.endModifiers),
  })
}

function requireNamed(target: OperationNode, sources: Sources): void {
  if (TableNode.is(target) && target.table.schema === undefined && sources.hasName(nameOf(target))) return
  throw new TenancyError('Cannot delete from a table that is not among the sources: name it, or its alias, in `using`')
}
