import { type AnyIndexOptions, type AnyModel, type Index, indexArgument, indexOf } from '../../models/index.ts'
import { MigrationError } from '../migration-error.ts'
import { remakeModel } from '../remake-model.ts'
import { altering } from './altering.ts'
import { argumentOf, type Operation } from './operation.ts'

/** The fields of an index, `-created_at` sorting downwards; or fields with what is special about it. */
export type IndexSpec = readonly string[] | AnyIndexOptions

/** Adds an index; it starts with the business by itself. */
export function addIndex(model: string, spec: IndexSpec): Operation {
  const index = indexOf(spec)
  return altering({
    name: 'addIndex',
    args: [model, argumentOf(indexArgument(index))],
    fragment: index.name ?? `${fragmentOf(model, index)}_idx`,
    model,
    describe: () => `Create index ${wordsOf(index)} of model ${model.toLowerCase()}`,
    change: (before) => remakeModel(before, { indexes: [...without(before, index, false), index] }),
  })
}

export function removeIndex(model: string, spec: IndexSpec): Operation {
  const index = indexOf(spec)
  return altering({
    name: 'removeIndex',
    args: [model, argumentOf(indexArgument(index))],
    fragment: `remove_${index.name ?? `${fragmentOf(model, index)}_idx`}`,
    model,
    describe: () => `Remove index ${wordsOf(index)} from ${model.toLowerCase()}`,
    change: (before) => remakeModel(before, { indexes: without(before, index, true) }),
  })
}

/** Gives an index another name; null for the one that the kit makes from its fields. */
export function renameIndex(model: string, spec: IndexSpec, name: string | null): Operation {
  const index = indexOf(spec)
  return altering({
    name: 'renameIndex',
    args: [model, argumentOf(indexArgument(index)), name],
    fragment: `rename_${fragmentOf(model, index)}_idx`,
    model,
    describe: () => `Rename index ${wordsOf(index)} on ${model.toLowerCase()} to ${name ?? 'its usual name'}`,
    change: (before) =>
      remakeModel(before, {
        indexes: without(before, index, true).toSpliced(positionOf(before.indexes, index), 0, { ...index, name }),
      }),
  })
}

function fragmentOf(model: string, { fields, expression }: Index): string {
  const words = [...fields.map((name) => name.replace(/^-/, '')), ...(expression === null ? [] : ['expression'])]
  return [model.toLowerCase(), ...words].join('_')
}

function wordsOf({ name, fields, expression }: Index): string {
  if (name !== null) return name
  const parts = [...fields, ...(typeof expression === 'string' ? [expression] : expression ? ['an expression'] : [])]
  return `on field(s) ${parts.join(', ')}`
}

/** The indexes besides this one. @throws {MigrationError} if the model has it and should not, or the reverse */
function without({ label, indexes }: AnyModel, index: Index, isThere: boolean): readonly Index[] {
  const position = positionOf(indexes, index)
  if (position < 0 && isThere) throw new MigrationError(`${label} has no index ${wordsOf(index)}`)
  if (position >= 0 && !isThere) throw new MigrationError(`${label} has the index ${wordsOf(index)} already`)
  return position < 0 ? indexes : indexes.toSpliced(position, 1)
}

function positionOf(indexes: readonly Index[], index: Index): number {
  const key = JSON.stringify(index)
  return indexes.findIndex((other) => JSON.stringify(other) === key)
}
