import { readExact } from '../../base/index.ts'
import { type AnyFieldKind, type Arithmetic, arithmeticOf, Problem } from '../fields/index.ts'
import type { ExpressionNode, ExpressionOperator, FieldExpression } from '../models/index.ts'
import { type AnyModel, type Column, columnNamed } from '../models/index.ts'

/** A step of an expression, with its fields found and its numbers checked. */
export type ResolvedNode =
  | { readonly column: Column }
  | { readonly value: string }
  | { readonly operator: ExpressionOperator; readonly left: ResolvedNode; readonly right: ResolvedNode }

/** An expression that is set on a column. */
export class ColumnExpression {
  readonly node: ResolvedNode
  /** How the column reckons; null where the value of another is taken as it stands. */
  readonly arithmetic: Arithmetic | null

  constructor(node: ResolvedNode, arithmetic: Arithmetic | null) {
    this.node = node
    this.arithmetic = arithmetic
  }
}

/**
 * Finds the fields of an expression, and checks that the column can take what comes out.
 *
 * @throws {TypeError} if it cannot; a number that may come from outside is a `Problem`
 */
export function resolveExpression(
  model: AnyModel,
  target: Column,
  { node }: FieldExpression,
): ColumnExpression | Problem {
  const arithmetic = arithmeticOf(target.kind)
  if ('field' in node) return copied(model, target, node.field)
  if (arithmetic === null || arithmetic.type === 'duration') {
    throw new TypeError(`Cannot reckon ${model.label}.${target.name}: it is no number`)
  }
  if (arithmetic.type === 'float' && (arithmetic.lowest !== null || arithmetic.highest !== null)) {
    throw new TypeError(
      `Cannot reckon ${model.label}.${target.name}: the bounds of a float cannot be kept by the database. Take a decimal`,
    )
  }
  const resolved = resolveNode(model, node, { target, arithmetic })
  return resolved instanceof Problem ? resolved : new ColumnExpression(resolved, arithmetic)
}

function copied(model: AnyModel, target: Column, name: string): ColumnExpression {
  const source = columnNamed(model, name)
  if (sameValues(source.kind, target.kind)) return new ColumnExpression({ column: source }, null)
  const arithmetic = arithmeticOf(target.kind)
  const isNumber = arithmetic !== null && arithmetic.type !== 'duration' && fits(source, arithmetic)
  if (isNumber) return new ColumnExpression({ column: source }, arithmetic)
  throw new TypeError(`Cannot set ${model.label}.${target.name} to ${name}: their values are of different kinds`)
}

const sameValues = (left: AnyFieldKind, right: AnyFieldKind): boolean =>
  JSON.stringify([left.name, left.positional, left.params]) ===
  JSON.stringify([right.name, right.positional, right.params])

interface Goal {
  readonly target: Column
  readonly arithmetic: Arithmetic
}

function resolveNode(model: AnyModel, node: ExpressionNode, goal: Goal): ResolvedNode | Problem {
  if ('field' in node) {
    const column = columnNamed(model, node.field)
    if (fits(column, goal.arithmetic)) return { column }
    throw new TypeError(`Cannot reckon ${model.label}.${goal.target.name} with ${node.field}: it is no such number`)
  }
  if ('value' in node) return resolveNumber(String(node.value), goal.arithmetic)
  const left = resolveNode(model, node.left, goal)
  if (left instanceof Problem) return left
  const right = resolveNode(model, node.right, goal)
  return right instanceof Problem ? right : { operator: node.operator, left, right }
}

/** What one type of number may be worked out from. */
const SOURCES: Readonly<Record<Arithmetic['type'], readonly Arithmetic['type'][]>> = {
  integer: ['integer', 'bigint'],
  bigint: ['integer', 'bigint'],
  decimal: ['integer', 'bigint', 'decimal'],
  float: ['integer', 'bigint', 'decimal', 'float'],
  duration: [],
}

function fits({ kind }: Column, { type }: Arithmetic): boolean {
  const source = arithmeticOf(kind)
  return source !== null && SOURCES[type].includes(source.type)
}

const MOST_DIGITS = 25
const MOST_PLACES = 15

function resolveNumber(text: string, { type }: Arithmetic): ResolvedNode | Problem {
  const number = text.length <= MOST_DIGITS * 2 ? readExact(text) : null
  if (number === null) return new Problem('A valid number is required.')
  const isWhole = number.places === 0
  if ((type === 'integer' || type === 'bigint') && !isWhole) return new Problem('A valid integer is required.')
  if (String(number.units).length > MOST_DIGITS || number.places > MOST_PLACES) {
    return new Problem(
      `Ensure that there are no more than ${MOST_DIGITS} digits, ${MOST_PLACES} of them decimal places.`,
    )
  }
  return { value: text.trim() }
}

/** What makes the version of a row one more. */
export function nextVersion(model: AnyModel): ColumnExpression {
  const column = columnNamed(model, 'version')
  return new ColumnExpression({ operator: 'plus', left: { column }, right: { value: '1' } }, null)
}

/** The columns that an expression reads. */
export function columnsIn(node: ResolvedNode): Column[] {
  if ('column' in node) return [node.column]
  return 'value' in node ? [] : [...columnsIn(node.left), ...columnsIn(node.right)]
}

/** The numbers of an expression in the order of their slots. */
export function numbersIn({ node, arithmetic }: ColumnExpression): string[] {
  return arithmetic === null ? [] : numbersOf(node)
}

function numbersOf(node: ResolvedNode): string[] {
  if ('value' in node) return [node.value]
  return 'column' in node ? [] : [...numbersOf(node.left), ...numbersOf(node.right)]
}

/** The shape of an expression, without its numbers. */
export function shapeOfExpression(node: ResolvedNode): string {
  if ('column' in node) return node.column.name
  return 'value' in node ? '#' : `(${shapeOfExpression(node.left)} ${node.operator} ${shapeOfExpression(node.right)})`
}
