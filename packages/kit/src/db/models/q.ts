/**
 * Conditions with alternatives and negation, as plain frozen data around filters such as
 * `{ status: 'active', price__gte: '0' }`. Made by `q.or`, `q.and` and `q.not`.
 */
export interface Q<out F = unknown, out Key = KeyOf<F>> {
  readonly kind: QKind
  readonly parts: readonly (F | Q<F, Key>)[]
  /** Only for the compiler, never set: without it, a filter with one right key would hide its misspelt ones. */
  readonly key?: Key
}

export type QKind = 'or' | 'and' | 'not'

type KeyOf<F> = F extends unknown ? keyof F : never

/** The filters inside a condition. */
export type FilterIn<Part> = Part extends Q<infer F> ? F : Part

// The first form takes the type of the filters from where the condition is used, so that an editor can offer its fields;
// the second keeps what is written, for where it is used to check.
interface Joining {
  <F = never>(...parts: readonly NoInfer<F | Q<F>>[]): Q<F>
  <const Parts extends readonly object[]>(...parts: Parts): Q<FilterIn<Parts[number]>>
}

interface Negating {
  <F = never>(part: NoInfer<F | Q<F>>): Q<F>
  <const Part extends object>(part: Part): Q<FilterIn<Part>>
}

/**
 * Makes conditions that a single filter cannot say. A filter inside means all of its conditions. `or` of nothing holds
 * for no row, `and` of nothing for every row.
 *
 * @example
 * const open = q.or({ status: 'lead' }, q.not({ credit__lte: '0' }))
 * assert.equal(open.kind, 'or')
 * assert.deepEqual(open.parts[0], { status: 'lead' })
 */
export const q: { readonly or: Joining; readonly and: Joining; readonly not: Negating } = Object.freeze({
  or: (...parts: readonly object[]) => conditionOf('or', parts),
  and: (...parts: readonly object[]) => conditionOf('and', parts),
  not: (part: object) => conditionOf('not', [part]),
})

/** Tells conditions from filters, which may have fields of any name: also `kind` and `parts`. */
const IS_CONDITION = Symbol.for('bailiwick.q')

/** Whether a value was made by `q`. */
export function isQ<F>(value: F | Q<F>): value is Q<F>
export function isQ(value: unknown): value is Q
export function isQ(value: unknown): value is Q {
  return typeof value === 'object' && value !== null && IS_CONDITION in value
}

function conditionOf(kind: QKind, parts: readonly object[]): Q<never, never> {
  const made = { kind, parts: Object.freeze(parts.map(partOf)) }
  Object.defineProperty(made, IS_CONDITION, { value: true })
  return Object.freeze(made) as Q<never, never> // as: the signatures of `q` say what is in it
}

/** A copy that nobody can change later. @throws {TypeError} if it is neither a filter nor a condition */
function partOf(part: unknown): object {
  if (isQ(part)) return part
  if (!isFilter(part)) throw new TypeError(`Cannot make a condition of ${describe(part)}: give filters or conditions`)
  const entries = Object.entries(part)
  const unset = entries.find(([, value]) => value === undefined)
  if (unset) throw new TypeError(`Cannot make a condition: "${unset[0]}" is undefined. For no value, give null`)
  return Object.freeze(Object.fromEntries(entries.map(([key, value]) => [key, frozen(value)])))
}

function isFilter(part: unknown): part is object {
  if (typeof part !== 'object' || part === null) return false
  const prototype: unknown = Object.getPrototypeOf(part)
  return prototype === Object.prototype || prototype === null
}

const frozen = (value: unknown): unknown => (Array.isArray(value) ? Object.freeze(value.map(frozen)) : value)

const describe = (part: unknown): string => (Array.isArray(part) ? 'a list' : part === null ? 'null' : typeof part)
