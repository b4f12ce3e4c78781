import { remakeModel } from '../remake-model.ts'
import type { SchemaEditor } from '../schema/index.ts'
import { altering } from './altering.ts'
import { type ConfirmOptions, confirmation, optionsArgument } from './confirmation.ts'
import type { Operation, OperationChange } from './operation.ts'

export interface SoftDeleteOptions extends ConfirmOptions {
  readonly isKept: boolean
}

/** Starts or stops keeping deleted rows for `restore`. When it stops, those that are deleted go for good. */
export function alterSoftDelete(model: string, { isKept, confirmed }: SoftDeleteOptions): Operation {
  const alteration = altering({
    name: 'alterSoftDelete',
    args: [model, ...optionsArgument({ isKept, confirmed })],
    ...confirmation(
      { confirmed: confirmed === true },
      () => (isKept ? null : 'the rows in the bin are lost'),
      (isConfirmed) => alterSoftDelete(model, { isKept, confirmed: isConfirmed }),
    ),
    fragment: `${isKept ? 'add' : 'remove'}_${model.toLowerCase()}_soft_delete`,
    model,
    describe: () =>
      isKept ? `Keep deleted rows of ${model.toLowerCase()}` : `Purge deleted rows of ${model.toLowerCase()}`,
    change: (before) => remakeModel(before, { softDelete: isKept }),
  })
  const purge = (editor: SchemaEditor, { app, from }: OperationChange): Promise<void> =>
    editor.purgeDeleted(from.get(`${app}.${model}`))
  return {
    ...alteration,
    // A row without its mark of deletion would be back among the living.
    async databaseForwards(editor, change) {
      if (!isKept) await purge(editor, change)
      await alteration.databaseForwards(editor, change)
    },
    async databaseBackwards(editor, change) {
      if (isKept) await purge(editor, change)
      await alteration.databaseBackwards(editor, change)
    },
  }
}
