import { MigrationError } from '../migration-error.ts'
import { declaredUnique, remakeModel } from '../remake-model.ts'
import { altering } from './altering.ts'
import type { Operation } from './operation.ts'

type FieldSet = readonly string[]

/** Adds an index; it starts with the business by itself. `-created_at` sorts downwards. */
export function addIndex(model: string, fields: FieldSet): Operation {
  return altering({
    name: 'addIndex',
    args: [model, fields],
    fragment: `${fragmentOf(model, fields)}_idx`,
    model,
    describe: () => `Create index on field(s) ${fields.join(', ')} of model ${model.toLowerCase()}`,
    change: (before) => remakeModel(before, { indexes: adding(before.indexes, fields, before.label) }),
  })
}

export function removeIndex(model: string, fields: FieldSet): Operation {
  return altering({
    name: 'removeIndex',
    args: [model, fields],
    fragment: `remove_${fragmentOf(model, fields)}_idx`,
    model,
    describe: () => `Remove index on field(s) ${fields.join(', ')} from ${model.toLowerCase()}`,
    change: (before) => remakeModel(before, { indexes: removing(before.indexes, fields, before.label) }),
  })
}

/** Makes fields unique together, within the business and among rows not deleted. */
export function addUnique(model: string, fields: FieldSet): Operation {
  return altering({
    name: 'addUnique',
    args: [model, fields],
    fragment: `${fragmentOf(model, fields)}_uniq`,
    model,
    describe: () => `Create unique set of field(s) ${fields.join(', ')} of model ${model.toLowerCase()}`,
    change: (before) => remakeModel(before, { unique: adding(declaredUnique(before), fields, before.label) }),
  })
}

export function removeUnique(model: string, fields: FieldSet): Operation {
  return altering({
    name: 'removeUnique',
    args: [model, fields],
    fragment: `remove_${fragmentOf(model, fields)}_uniq`,
    model,
    describe: () => `Remove unique set of field(s) ${fields.join(', ')} from ${model.toLowerCase()}`,
    change: (before) => remakeModel(before, { unique: removing(declaredUnique(before), fields, before.label) }),
  })
}

function fragmentOf(model: string, fields: FieldSet): string {
  return [model.toLowerCase(), ...fields.map((name) => name.replace(/^-/, ''))].join('_')
}

function adding(sets: readonly FieldSet[], fields: FieldSet, label: string): FieldSet[] {
  if (positionOf(sets, fields) >= 0) throw new MigrationError(`${label} has (${fields.join(', ')}) already`)
  return [...sets, fields]
}

function removing(sets: readonly FieldSet[], fields: FieldSet, label: string): FieldSet[] {
  const position = positionOf(sets, fields)
  if (position < 0) throw new MigrationError(`${label} has no (${fields.join(', ')}) to remove`)
  return sets.toSpliced(position, 1)
}

const positionOf = (sets: readonly FieldSet[], fields: FieldSet): number =>
  sets.findIndex((set) => set.join() === fields.join())
