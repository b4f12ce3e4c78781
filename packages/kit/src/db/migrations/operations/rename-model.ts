import type { SchemaEditor } from '../schema/index.ts'
import type { Operation, OperationChange } from './operation.ts'

/** Renames a model, and its table if that has the usual name; rows, and foreign keys to it, stay. */
export function renameModel(from: string, to: string): Operation {
  const rename = (editor: SchemaEditor, { app, ...states }: OperationChange, names: readonly [string, string]) =>
    editor.alterTable({ from: states.from.get(`${app}.${names[0]}`), to: states.to.get(`${app}.${names[1]}`) }, states)
  return {
    name: 'renameModel',
    args: [from, to],
    isReversible: true,
    fragment: `rename_${from.toLowerCase()}_${to.toLowerCase()}`,
    describe: () => `Rename model ${from} to ${to}`,
    stateForwards: (state, app) => state.relabelling(`${app}.${from}`, `${app}.${to}`),
    databaseForwards: (editor, change) => rename(editor, change, [from, to]),
    databaseBackwards: (editor, change) => rename(editor, change, [to, from]),
  }
}
