import type { MigrationScript } from '../schema/index.ts'
import type { ElidableOptions, Operation } from './operation.ts'

/**
 * Runs a function on the rows, with the models as they are at that point. Without `reverse` there is no way back over it.
 *
 * @example
 * runScript(async ({ database }) => {
 *   await database.execute({ sql: "update clients_client set status = 'lead' where status = 'new'" })
 * })
 */
export function runScript(
  script: MigrationScript,
  reverse?: MigrationScript,
  { isElidable = false }: ElidableOptions = {},
): Operation {
  return {
    name: 'runScript',
    args: null,
    isReversible: reverse !== undefined,
    isElidable,
    fragment: null,
    describe: () => 'Raw script operation',
    stateForwards: (state) => state,
    databaseForwards: (editor, { from }) => editor.runScript(script, from),
    databaseBackwards: async (editor, { to }) => {
      if (reverse) await editor.runScript(reverse, to)
    },
  }
}
