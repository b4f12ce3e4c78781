import { type AnyUniqueOptions, conditionKey, type UniqueSet, uniqueArgument, uniqueSetOf } from '../../models/index.ts'
import { MigrationError } from '../migration-error.ts'
import { declaredUnique, remakeModel } from '../remake-model.ts'
import { altering } from './altering.ts'
import { type ConfirmOptions, confirmation, optionsArgument } from './confirmation.ts'
import { argumentOf, type Operation } from './operation.ts'

/** Fields that are unique together; or fields with the condition of the rows that they are unique among, and a name. */
export type UniqueSpec = readonly string[] | Omit<AnyUniqueOptions, 'message'>

/** Makes fields unique together, within the business and among rows not deleted. */
export function addUnique(model: string, spec: UniqueSpec, options: ConfirmOptions = {}): Operation {
  const set = uniqueSetOf(spec)
  return altering({
    name: 'addUnique',
    args: [model, argumentOf(uniqueArgument(set)), ...optionsArgument({ confirmed: options.confirmed })],
    ...confirmation(
      options,
      () => 'values that are there more than once are refused',
      (confirmed) => addUnique(model, spec, { confirmed }),
    ),
    fragment: set.name ?? `${fragmentOf(model, set)}_uniq`,
    model,
    describe: () => `Create unique set ${wordsOf(set)} of model ${model.toLowerCase()}`,
    change(before) {
      const sets = declaredUnique(before)
      if (positionOf(sets, set) >= 0)
        throw new MigrationError(`${before.label} has the unique set ${wordsOf(set)} already`)
      return remakeModel(before, { unique: [...sets, set] })
    },
  })
}

export function removeUnique(model: string, spec: UniqueSpec): Operation {
  const set = uniqueSetOf(spec)
  return altering({
    name: 'removeUnique',
    args: [model, argumentOf(uniqueArgument(set))],
    fragment: `remove_${set.name ?? `${fragmentOf(model, set)}_uniq`}`,
    model,
    describe: () => `Remove unique set ${wordsOf(set)} from ${model.toLowerCase()}`,
    change(before) {
      const sets = declaredUnique(before)
      const position = positionOf(sets, set)
      if (position < 0) throw new MigrationError(`${before.label} has no unique set ${wordsOf(set)}`)
      return remakeModel(before, { unique: sets.toSpliced(position, 1) })
    },
  })
}

const fragmentOf = (model: string, { fields }: UniqueSet): string => [model.toLowerCase(), ...fields].join('_')

function wordsOf({ name, fields, where }: UniqueSet): string {
  return name ?? `of field(s) ${fields.join(', ')}${where === null ? '' : ' under a condition'}`
}

/** What makes two unique sets the same for the database. */
export const uniqueKey = ({ fields, where, name }: UniqueSet): string =>
  JSON.stringify([fields, where === null ? null : conditionKey(where), name])

const positionOf = (sets: readonly UniqueSet[], set: UniqueSet): number =>
  sets.findIndex((other) => uniqueKey(other) === uniqueKey(set))
