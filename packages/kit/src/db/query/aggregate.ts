/** What is worked out from many rows. */
export type AggregateFunction = 'count' | 'sum' | 'avg' | 'min' | 'max'

/** A value worked out from many rows, as it is asked for; made by `count`, `sum`, `avg`, `min` and `max`. */
export interface Aggregate<
  out Fn extends AggregateFunction = AggregateFunction,
  out Path extends string = string,
  out Where = unknown,
> {
  readonly fn: Fn
  /** The field, or `*` for the rows themselves. */
  readonly path: Path
  readonly isDistinct: boolean
  readonly where: Where
}

export interface AggregateOptions<Where> {
  /** Only the rows that meet this: a filter on the rows that are counted or added up. */
  readonly where?: Where
}

export interface CountOptions<Where> extends AggregateOptions<Where> {
  /** Counts each value once. */
  readonly distinct?: boolean
}

/**
 * How many rows there are, or how many that have a value at a path. Over a relation it counts the related rows:
 * `count('orders', { where: { status: 'paid' } })`.
 *
 * @example
 * assert.equal(count('orders').path, 'orders')
 */
export function count<const Where extends object = Record<never, never>>(
  options?: AggregateOptions<Where>,
): Aggregate<'count', '*', Where>
export function count<const Path extends string, const Where extends object = Record<never, never>>(
  path: Path,
  options?: CountOptions<Where>,
): Aggregate<'count', Path, Where>
export function count(first: string | CountOptions<object> = {}, second: CountOptions<object> = {}): Aggregate {
  const [path, options] = typeof first === 'string' ? [first, second] : ['*', first]
  return aggregate('count', path, options)
}

/** The sum of a number or a duration, exact; null where there is none. */
export function sum<const Path extends string, const Where extends object = Record<never, never>>(
  path: Path,
  options: AggregateOptions<Where> = {},
): Aggregate<'sum', Path, Where> {
  return aggregate('sum', path, options)
}

/**
 * The mean of a number or a duration; null where there is none. That of decimals is a text with four places more than
 * the field has, halves rounded away from zero.
 */
export function avg<const Path extends string, const Where extends object = Record<never, never>>(
  path: Path,
  options: AggregateOptions<Where> = {},
): Aggregate<'avg', Path, Where> {
  return aggregate('avg', path, options)
}

/** The least value of a field that has an order; null where there is none. */
export function min<const Path extends string, const Where extends object = Record<never, never>>(
  path: Path,
  options: AggregateOptions<Where> = {},
): Aggregate<'min', Path, Where> {
  return aggregate('min', path, options)
}

/** The greatest value of a field that has an order; null where there is none. */
export function max<const Path extends string, const Where extends object = Record<never, never>>(
  path: Path,
  options: AggregateOptions<Where> = {},
): Aggregate<'max', Path, Where> {
  return aggregate('max', path, options)
}

function aggregate<Fn extends AggregateFunction, Path extends string, Where extends object>(
  fn: Fn,
  path: Path,
  { where, distinct = false }: CountOptions<Where>,
): Aggregate<Fn, Path, Where> {
  // as: no conditions are a filter on any rows
  return Object.freeze({ fn, path, isDistinct: distinct, where: where ?? ({} as Where) })
}
