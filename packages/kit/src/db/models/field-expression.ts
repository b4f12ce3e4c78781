/** A number that an expression reckons with. */
export type Operand = number | bigint | string

/** What an expression is made of. */
export type ExpressionNode =
  | { readonly field: string }
  | { readonly value: Operand }
  | { readonly operator: ExpressionOperator; readonly left: ExpressionNode; readonly right: ExpressionNode }

export type ExpressionOperator = 'plus' | 'minus' | 'times'

/**
 * A value that the database works out from the row it changes: Django's `F`. `Names` are the fields in it; `IsNumber`
 * tells whether it reckons, or is the value of a field as it stands.
 */
export class FieldExpression<out Names extends string = string, out IsNumber extends boolean = boolean> {
  /** Only for the compiler; never set. */
  declare readonly types: { readonly names: Names; readonly isNumber: IsNumber }
  readonly node: ExpressionNode

  constructor(node: ExpressionNode) {
    this.node = node
  }

  plus<Other extends string = never>(
    other: Operand | FieldExpression<Other>,
  ): FieldExpression<Names | NoInfer<Other>, true> {
    return joined(this.node, 'plus', other)
  }

  minus<Other extends string = never>(
    other: Operand | FieldExpression<Other>,
  ): FieldExpression<Names | NoInfer<Other>, true> {
    return joined(this.node, 'minus', other)
  }

  times<Other extends string = never>(
    other: Operand | FieldExpression<Other>,
  ): FieldExpression<Names | NoInfer<Other>, true> {
    return joined(this.node, 'times', other)
  }
}

const IS_REFERENCE = Symbol.for('bailiwick.f')

/** The value of a field of the same row, as it stands. */
export class FieldReference<out Name extends string = string> extends FieldExpression<Name, false> {
  readonly f: Name
  readonly [IS_REFERENCE] = true

  constructor(name: Name) {
    super({ field: name })
    this.f = name
    Object.freeze(this)
  }

  toJSON(): { readonly f: string } {
    return { f: this.f }
  }
}

/**
 * The value of another field of the same row: in the conditions of checks and indexes, and in updates, where the database
 * may reckon with it. `update({ uses_left: f('uses_left').minus(1) })` never loses a change that somebody else makes at
 * the same time.
 *
 * @example
 * const less = f('uses_left').minus(1)
 * assert.deepEqual(less.node, { operator: 'minus', left: { field: 'uses_left' }, right: { value: 1 } })
 */
export function f<const Name extends string>(name: Name): FieldReference<Name> {
  return new FieldReference(name)
}

export function isFieldReference(value: unknown): value is FieldReference {
  return typeof value === 'object' && value !== null && IS_REFERENCE in value
}

function joined<Names extends string>(
  left: ExpressionNode,
  operator: ExpressionOperator,
  other: Operand | FieldExpression,
): FieldExpression<Names, true> {
  const right = other instanceof FieldExpression ? other.node : { value: other }
  return new FieldExpression({ operator, left, right })
}
