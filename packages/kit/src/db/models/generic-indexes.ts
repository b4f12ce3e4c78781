import { isGenericType } from '../fields/index.ts'
import { indexOf } from './key-options.ts'
import type { Index, UniqueSet } from './model-keys.ts'
import type { Fields } from './model-types.ts'

interface DeclaredKeys {
  readonly indexes: readonly Index[]
  readonly unique: readonly UniqueSet[]
  readonly hasSoftDelete: boolean
}

/**
 * The indexes by which rows are found that point to a row by a generic reference, where no declared key serves it. They
 * are of the model itself, so that migration files say them: there the reference is two plain columns.
 */
export function genericIndexes(fields: Fields, { indexes, unique, hasSoftDelete }: DeclaredKeys): Index[] {
  // A unique set leaves out the rows in the bin, and those point too.
  const sets = hasSoftDelete ? [] : unique.filter(({ where }) => where === null)
  const whole = indexes.filter(({ where, using }) => where === null && using === 'btree')
  const keys = [...sets, ...whole].map((key) => key.fields)
  return Object.values(fields).flatMap(({ kind }) => {
    if (!isGenericType(kind)) return []
    const pair = [`${kind.generic.name}_type`, `${kind.generic.name}_id`]
    const serves = (names: readonly string[]): boolean =>
      names.length >= 2 && pair.includes(names[0] ?? '') && pair.includes(names[1] ?? '')
    return keys.some(serves) ? [] : [indexOf(pair)]
  })
}
