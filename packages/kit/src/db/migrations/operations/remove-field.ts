import type { Field } from '../../fields/index.ts'
import { fieldsGeneratedFrom } from '../../models/index.ts'
import { MigrationError } from '../migration-error.ts'
import { remakeModel } from '../remake-model.ts'
import { altering, declaredField, fillsOfAdded } from './altering.ts'
import { type ConfirmOptions, confirmation, modelBefore, optionsArgument } from './confirmation.ts'
import type { Operation } from './operation.ts'

/**
 * Removes a field and its values. On the way back rows get its constant default; if it has none and may not be null, the
 * way back works only while the table is empty.
 */
export function removeField(model: string, name: string, options: ConfirmOptions = {}): Operation {
  return altering({
    name: 'removeField',
    args: [model, name, ...optionsArgument({ confirmed: options.confirmed })],
    ...confirmation(
      options,
      (from, app) => (isComputed(modelBefore(from, app, model)?.fields[name]) ? null : 'its values are lost'),
      (confirmed) => removeField(model, name, { confirmed }),
    ),
    fragment: `remove_${model.toLowerCase()}_${name}`,
    model,
    describe: () => `Remove field ${name} from ${model.toLowerCase()}`,
    change(before) {
      declaredField(before, name)
      const [dependent] = fieldsGeneratedFrom(before.fields, name)
      if (dependent !== undefined) {
        throw new MigrationError(
          `Cannot remove field ${name} from ${before.label}: ${dependent} is computed from it. Remove that one first.`,
        )
      }
      const { [name]: _removed, ...fields } = before.fields
      return remakeModel(before, { fields })
    },
    backwards: ({ to }) => fillsOfAdded(name, declaredField(to, name)),
  })
}

/** What the database computes can be computed again. */
const isComputed = (field: Field | undefined): boolean => field?.settings.generated !== undefined
