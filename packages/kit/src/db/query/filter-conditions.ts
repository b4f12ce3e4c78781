import { isQ, type Q } from '../models/index.ts'
import { compareOrThrow } from './comparison.ts'
import type { Condition } from './condition.ts'
import { resolvePath, splitLookup } from './field-path.ts'
import type { QuerySource } from './query-source.ts'

/**
 * What filters such as `{ name__icontains: 'acme' }`, and conditions made by `q`, ask of a row: all of it.
 *
 * @throws {ApiError} for values that cannot be; {TypeError} for fields and lookups that there are not
 */
export function conditionsOf(source: QuerySource, filters: readonly (object | Q<object>)[]): Condition[] {
  return filters.flatMap((filter) => (isQ<object>(filter) ? [joined(source, filter)] : comparisonsOf(source, filter)))
}

function joined(source: QuerySource, { kind, parts }: Q<object>): Condition {
  if (kind === 'not') return { not: { all: conditionsOf(source, parts) } }
  const conditions = parts.map((part): Condition => {
    const all = conditionsOf(source, [part])
    const [only] = all
    return only && all.length === 1 ? only : { all }
  })
  return kind === 'or' ? { any: conditions } : { all: conditions }
}

function comparisonsOf({ ctx, model }: QuerySource, filter: object): Condition[] {
  const { registry, database } = ctx.store
  return Object.entries(filter).map(([key, value]) => {
    const { path, lookup } = splitLookup(key)
    const resolved = resolvePath(registry, model, path)
    if (!resolved.column.kind.lookups.includes(lookup)) {
      throw new TypeError(`${model.label}.${path} has no lookup "${lookup}"`)
    }
    return compareOrThrow(key, { path: resolved, lookup, value, dialect: database.dialect })
  })
}
