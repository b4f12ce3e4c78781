/** Whether two JSON values are the same; the order of keys does not count. */
export function jsonEquals(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (!isObject(left) || !isObject(right) || Array.isArray(left) !== Array.isArray(right)) return false
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && jsonEquals(left[key], right[key]))
  )
}

/** Whether a JSON value holds another, as PostgreSQL's `@>` has it: all members of an object, all items of a list. */
export function jsonContains(container: unknown, contained: unknown): boolean {
  // At the top, and only there, a list holds a value that is one of its items.
  if (Array.isArray(container) && !isObject(contained)) return container.includes(contained)
  return holds(container, contained)
}

function holds(container: unknown, contained: unknown): boolean {
  if (!isObject(contained) || !isObject(container)) return container === contained
  if (Array.isArray(contained) || Array.isArray(container)) {
    if (!Array.isArray(contained) || !Array.isArray(container)) return false
    return contained.every((item) => container.some((held) => holds(held, item)))
  }
  return Object.entries(contained).every(
    ([key, value]) => Object.hasOwn(container, key) && holds(container[key], value),
  )
}

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null
