import { FromNode, type OperationNode, RawNode, SelectModifierNode, type SelectQueryNode } from 'kysely'
import { Sources } from './sources.ts'
import { TenancyError } from './tenancy-error.ts'
import type { Walk } from './walk.ts'

export function holdSelect(node: SelectQueryNode, walk: Walk): SelectQueryNode {
  const sources = new Sources(walk, node.joins)
  const from = node.from && FromNode.create(node.from.froms.map((item) => sources.add(item)))
  const joins = node.joins?.map((join) => sources.join(join))
  return walk.rest(node, {
    with: node.with,
    from,
    joins,
    where: sources.where(node.where),
    endModifiers: node.endModifiers?.map((modifier) => holdEnd(modifier, walk)),
  })
}

// It is written right after the predicate, with nothing in between: `where business_id = $1 <modifier>`. An expression
// that begins with an operator would become part of it.
function holdEnd(modifier: OperationNode, walk: Walk): SelectModifierNode {
  if (!SelectModifierNode.is(modifier) || (modifier.rawModifier && !RawNode.is(modifier.rawModifier)))
    throw new TenancyError(`Cannot end a query with a ${modifier.kind}`)
  return walk.node(modifier, 'lock')
}
