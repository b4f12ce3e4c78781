import { type ConfirmOptions, confirmation, optionsArgument } from './confirmation.ts'
import type { Operation } from './operation.ts'

/** Deletes a model's table with all of its rows. The way back makes it anew, empty. */
export function deleteModel(name: string, options: ConfirmOptions = {}): Operation {
  return {
    name: 'deleteModel',
    args: [name, ...optionsArgument({ confirmed: options.confirmed })],
    ...confirmation(
      options,
      () => 'its rows are lost',
      (confirmed) => deleteModel(name, { confirmed }),
    ),
    isReversible: true,
    fragment: `delete_${name.toLowerCase()}`,
    describe: () => `Delete model ${name}`,
    stateForwards: (state, app) => state.without(`${app}.${name}`),
    databaseForwards: (editor, { app, from }) => editor.dropTable(from.get(`${app}.${name}`), from),
    databaseBackwards: (editor, { app, to }) => editor.createTable(to.get(`${app}.${name}`), to),
  }
}
