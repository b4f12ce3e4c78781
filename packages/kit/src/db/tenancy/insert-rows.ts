import {
  AliasNode,
  BinaryOperationNode,
  ColumnNode,
  DefaultInsertValueNode,
  IdentifierNode,
  type InsertQueryNode,
  type OperationNode,
  OperatorNode,
  ParensNode,
  PrimitiveValueListNode,
  RawNode,
  ReferenceNode,
  SelectionNode,
  SelectQueryNode,
  TableNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
  WhereNode,
} from 'kysely'
import { businessColumn } from './predicate.ts'
import type { TenancyTable } from './tenancy-catalogue.ts'
import { TenancyError } from './tenancy-error.ts'
import type { Walk } from './walk.ts'

/** Puts the business into every row that is inserted, whether the rows are given or selected. */
export function bindRows(node: InsertQueryNode, table: TenancyTable, { wall }: Walk): InsertQueryNode {
  const column = businessColumn(table, wall)
  const row: BusinessOfRow = { table: table.table, column, business: wall.business }
  const { columns, values } = node
  if (node.defaultValues === true) {
    const { defaultValues: _, ...rest } = node
    return { ...rest, columns: [ColumnNode.create(column)], values: ValuesNode.create([bindRow(NO_VALUES, -1, row)]) }
  }
  if (columns === undefined || values === undefined)
    throw new TenancyError(`Cannot insert into ${table.table}: name the columns, so that ${column} can be among them`)
  const position = columns.findIndex((given) => given.column.name.toLowerCase() === column.toLowerCase())
  const all = position === -1 ? [...columns, ColumnNode.create(column)] : columns
  if (ValuesNode.is(values))
    return {
      ...node,
      columns: all,
      values: ValuesNode.create(values.values.map((item) => bindRow(item, position, row))),
    }
  if (position !== -1)
    throw new TenancyError(`Cannot select ${column} for ${table.table}: leave it out, the business is put in its place`)
  return { ...node, columns: all, values: bindSelected(values, row) }
}

interface BusinessOfRow {
  readonly table: string
  readonly column: string
  readonly business: unknown
}

const NO_VALUES = PrimitiveValueListNode.create([])

function bindRow(
  item: OperationNode,
  position: number,
  { table, column, business }: BusinessOfRow,
): ValueListNode | PrimitiveValueListNode {
  if (PrimitiveValueListNode.is(item)) {
    if (position === -1) return PrimitiveValueListNode.create([...item.values, business])
    if (item.values[position] === business) return item
  } else if (ValueListNode.is(item)) {
    if (position === -1) return ValueListNode.create([...item.values, ValueNode.create(business)])
    const given = item.values[position]
    if (given !== undefined && DefaultInsertValueNode.is(given))
      return ValueListNode.create(item.values.with(position, ValueNode.create(business)))
    if (given !== undefined && ValueNode.is(given) && given.value === business) return item
  }
  throw new TenancyError(`Cannot insert into ${table} with another ${column} than the context's: leave it out`)
}

function bindSelected(values: OperationNode, { business, table }: BusinessOfRow): OperationNode {
  const constant = SelectionNode.create(AliasNode.create(ValueNode.create(business), IdentifierNode.create('business')))
  if (SelectQueryNode.is(values) && isPlain(values)) return SelectQueryNode.cloneWithSelections(values, [constant])
  if (!SelectQueryNode.is(values) && !RawNode.is(values) && !ParensNode.is(values))
    throw new TenancyError(`Cannot insert a ${values.kind} into ${table}: use values or a select`)
  // In a union or a distinct select PostgreSQL would take the parameter for text before it sees the column's type.
  const rows = IdentifierNode.create('inserted_rows')
  const everyColumn = SelectionNode.create(ReferenceNode.createSelectAll(TableNode.create(rows.name)))
  const wrapped: SelectQueryNode = {
    ...SelectQueryNode.createFrom([AliasNode.create(values, rows)]),
    selections: [everyColumn, constant],
    // SQLite would take an `on conflict` after a bare `from` for the condition of a join.
    where: WhereNode.create(ALWAYS),
  }
  return wrapped
}

function isPlain(node: SelectQueryNode): boolean {
  const hasFront = (node.frontModifiers?.length ?? 0) > 0 || (node.distinctOn?.length ?? 0) > 0
  return !hasFront && (node.setOperations?.length ?? 0) === 0
}

const ONE = ValueNode.createImmediate(1)
const ALWAYS = BinaryOperationNode.create(ONE, OperatorNode.create('='), ONE)
