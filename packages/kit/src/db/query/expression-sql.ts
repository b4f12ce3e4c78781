import { type RawBuilder, sql } from 'kysely'
import type { DialectName } from '../dialects/index.ts'
import type { Arithmetic } from '../fields/index.ts'
import type { ExpressionOperator } from '../models/index.ts'
import type { ColumnExpression, ResolvedNode } from './resolve-expression.ts'
import type { Slot } from './slot.ts'

export interface ExpressionPlace {
  /** The alias of the table that is changed. */
  readonly table: string
  readonly dialect: DialectName
  /** The places of the expression's numbers. */
  readonly slots: readonly Slot[]
}

/** The SQL of what a column is set to. What the column cannot hold is refused by the database, with nothing changed. */
export function expressionSql({ node, arithmetic }: ColumnExpression, place: ExpressionPlace): RawBuilder<unknown> {
  if (arithmetic === null) return plainSql(node, place.table)
  const make = (): RawBuilder<unknown> =>
    nodeSql(node, { ...place, type: arithmetic.type }, place.slots[Symbol.iterator]())
  if (arithmetic.type === 'float') return place.dialect === 'sqlite' ? sql`bw_finite(${make()})` : make()
  return fitted(make, arithmetic, place.dialect)
}

/** A column as it stands, or one more than it: what needs no check. */
function plainSql(node: ResolvedNode, table: string): RawBuilder<unknown> {
  if ('column' in node) return sql.ref(`${table}.${node.column.column}`)
  if ('value' in node) return sql.raw(String(Number(node.value)))
  return sql`${plainSql(node.left, table)} ${sql.raw(SIGNS[node.operator])} ${plainSql(node.right, table)}`
}

/** More than any number column holds: to set it is refused as out of range. */
const TOO_MUCH = '9'.repeat(60)

function fitted(
  make: () => RawBuilder<unknown>,
  { places, lowest, highest }: Arithmetic,
  dialect: DialectName,
): RawBuilder<unknown> {
  const low = sql.raw(lowest ?? `-${TOO_MUCH}`)
  const high = sql.raw(highest ?? TOO_MUCH)
  if (dialect === 'sqlite') return sql`bw_fit(${make()}, ${sql.raw(String(places))}, '${low}', '${high}')`
  const rounded = sql`round(${make()}, ${sql.raw(String(places))})`
  // Null is neither inside nor outside: it stays null.
  return sql`case when not (${rounded} between ${low} and ${high}) then ${sql.raw(TOO_MUCH)} else ${rounded} end`
}

interface NodePlace extends Omit<ExpressionPlace, 'slots'> {
  readonly type: Arithmetic['type']
}

function nodeSql(node: ResolvedNode, place: NodePlace, slots: Iterator<Slot>): RawBuilder<unknown> {
  const { table, dialect, type } = place
  if ('column' in node) return exact(sql.ref(`${table}.${node.column.column}`), place, 'column')
  if ('value' in node) return exact(sql`${slots.next().value}`, place, 'number')
  const left = nodeSql(node.left, place, slots)
  const right = nodeSql(node.right, place, slots)
  if (dialect === 'sqlite' && type !== 'float')
    return sql`${sql.raw(SQLITE_FUNCTIONS[node.operator])}(${left}, ${right})`
  return sql`(${left} ${sql.raw(SIGNS[node.operator])} ${right})`
}

const SIGNS: Readonly<Record<ExpressionOperator, string>> = { plus: '+', minus: '-', times: '*' }
const SQLITE_FUNCTIONS: Readonly<Record<ExpressionOperator, string>> = {
  plus: 'bw_plus',
  minus: 'bw_minus',
  times: 'bw_times',
}

/** A part as an exact number: the databases would reckon a text as a float, and end integers at their own width. */
function exact(
  part: RawBuilder<unknown>,
  { dialect, type }: NodePlace,
  from: 'column' | 'number',
): RawBuilder<unknown> {
  if (dialect === 'sqlite') return type === 'float' && from === 'number' ? sql`cast(${part} as real)` : part
  if (type === 'float') return sql`cast(${part} as ${sql.raw(dialect === 'mysql' ? 'double' : 'double precision')})`
  if (dialect === 'postgresql') return sql`cast(${part} as numeric)`
  return from === 'column' ? part : sql`cast(${part} as decimal(40, 15))`
}
