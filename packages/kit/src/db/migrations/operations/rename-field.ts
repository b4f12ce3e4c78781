import type { AnyModel } from '../../models/index.ts'
import { MigrationError } from '../migration-error.ts'
import { declaredUnique, remakeModel } from '../remake-model.ts'
import { altering, declaredField } from './altering.ts'
import type { Operation } from './operation.ts'

/** Renames a field; its values, indexes and unique sets stay. */
export function renameField(model: string, from: string, to: string): Operation {
  return altering({
    name: 'renameField',
    args: [model, from, to],
    fragment: `rename_${from}_${model.toLowerCase()}_${to}`,
    model,
    describe: () => `Rename field ${from} on ${model.toLowerCase()} to ${to}`,
    change: (before) => renamed(before, from, to),
    forwards: () => ({ renamedFields: new Map([[from, to]]) }),
    backwards: () => ({ renamedFields: new Map([[to, from]]) }),
  })
}

function renamed(model: AnyModel, from: string, to: string): AnyModel {
  declaredField(model, from)
  if (model.fields[to]) throw new MigrationError(`Cannot rename ${model.label}.${from} to ${to}: it has a field ${to}`)
  const newName = (name: string): string => (name === from ? to : name === `-${from}` ? `-${to}` : name)
  const inSet = (set: readonly string[]): string[] => set.map(newName)
  return remakeModel(model, {
    fields: Object.fromEntries(Object.entries(model.fields).map(([name, field]) => [newName(name), field])),
    unique: declaredUnique(model).map(inSet),
    indexes: model.indexes.map(inSet),
  })
}
