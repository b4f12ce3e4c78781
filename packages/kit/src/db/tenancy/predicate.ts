import {
  AndNode,
  BinaryOperationNode,
  ColumnNode,
  FromNode,
  type OperationNode,
  OperatorNode,
  ParensNode,
  ReferenceNode,
  SelectionNode,
  SelectQueryNode,
  TableNode,
  ValueNode,
  WhereNode,
} from 'kysely'
import { findTable, type TenancyTable } from './tenancy-catalogue.ts'
import { TenancyError } from './tenancy-error.ts'
import type { WallOptions } from './walk.ts'

/**
 * What must be true of a row of `table`, known in the query as `name`, for the business to have it; nothing, where
 * everyone may have every row.
 *
 * @throws {TenancyError} if the table belongs to businesses and there is none in the context
 */
export function predicateFor(table: TenancyTable, name: string, wall: WallOptions): OperationNode | undefined {
  if (table.scope === 'business') return isOfBusiness(name, businessColumn(table, wall), wall)
  // Without a business it is the system that asks: signing in looks a user up before there is one.
  if (table.sharedThrough === undefined || !hasBusiness(wall)) return undefined
  const { table: link, column, businessColumn: linkBusiness, deletedColumn } = table.sharedThrough
  if (findTable(wall.catalogue, link) === undefined)
    throw new TenancyError(`Cannot share ${table.table} through ${link}: the catalogue does not have that table`)
  const isLinked = isOfBusiness(link, linkBusiness, wall)
  const tied = {
    ...SelectQueryNode.createFrom([TableNode.create(link)]),
    selections: [SelectionNode.create(referenceTo(link, column))],
    where: WhereNode.create(
      deletedColumn === undefined ? isLinked : AndNode.create(isLinked, isNull(link, deletedColumn)),
    ),
  }
  return BinaryOperationNode.create(referenceTo(name, 'id'), OperatorNode.create('in'), tied)
}

/** @throws {TenancyError} if there is no business in the context */
export function businessColumn({ table, businessColumn: column }: TenancyTable, wall: WallOptions): string {
  if (column === undefined)
    throw new TenancyError(`Cannot hold ${table} inside a business: it declares no business column`)
  if (!hasBusiness(wall))
    throw new TenancyError(
      `Cannot query ${table}: its rows belong to businesses and there is none in the context. ` +
        'Work in a business, or across all of them with acrossBusinesses(reason, …)',
    )
  return column
}

function isNull(table: string, column: string): OperationNode {
  return BinaryOperationNode.create(
    referenceTo(table, column),
    OperatorNode.create('is'),
    ValueNode.createImmediate(null),
  )
}

/** `(select * from table where predicate)`, for where a predicate beside the table would not hold it. */
export function selectHeld(table: OperationNode, predicate: OperationNode): SelectQueryNode {
  return {
    kind: 'SelectQueryNode',
    from: FromNode.create([table]),
    selections: [SelectionNode.createSelectAll()],
    where: WhereNode.create(predicate),
  }
}

/**
 * The predicates, and what the query itself asks for. Ours stand first and the query's condition is put in parentheses:
 * its `or`, were it raw SQL, must not reach them. First also means that most databases look at them first, so that a
 * condition that fails on some values is not tried on other businesses' rows.
 */
export function allOf(predicates: readonly OperationNode[], condition?: OperationNode): OperationNode | undefined {
  const bracketed = condition === undefined || ParensNode.is(condition) ? condition : ParensNode.create(condition)
  const all = bracketed === undefined ? predicates : [...predicates, bracketed]
  const [first, ...others] = all
  if (first === undefined || predicates.length === 0) return condition
  return others.reduce((left: OperationNode, right) => AndNode.create(left, right), first)
}

export function referenceTo(table: string, column: string): ReferenceNode {
  return ReferenceNode.create(ColumnNode.create(column), TableNode.create(table))
}

export function nameOf(table: TableNode): string {
  return table.table.identifier.name
}

function hasBusiness({ business }: WallOptions): boolean {
  return business !== null && business !== undefined
}

function isOfBusiness(table: string, column: string, { business }: WallOptions): OperationNode {
  return BinaryOperationNode.create(referenceTo(table, column), OperatorNode.create('='), ValueNode.create(business))
}
