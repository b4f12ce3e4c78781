import type { SchemaEditor } from '../schema/index.ts'
import type { Operation, OperationChange } from './operation.ts'

/** Renames a model, and its table if that has the usual name; rows, and what points to them, stay. */
export function renameModel(from: string, to: string): Operation {
  const rename = async (
    editor: SchemaEditor,
    { app, ...states }: OperationChange,
    names: readonly [string, string],
  ) => {
    const [old, renamed] = [`${app}.${names[0]}`, `${app}.${names[1]}`]
    await editor.alterTable({ from: states.from.get(old), to: states.to.get(renamed) }, states)
    await editor.relabelReferences(states.to, { from: old, to: renamed })
  }
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
