import type { Field } from '../../fields/index.ts'
import { MigrationError } from '../migration-error.ts'
import { fillOf, narrowing } from '../schema/index.ts'
import { altering, declaredField, type FillOptions, fillsOfAltered, withField } from './altering.ts'
import { type ConfirmOptions, confirmation, modelBefore, optionsArgument } from './confirmation.ts'
import type { Operation } from './operation.ts'

export interface AlterFieldOptions extends FillOptions, ConfirmOptions {}

/** Gives a field another kind, other options, or lets it be null or not. Rows that are null then get the constant default, or `fill`. */
export function alterField(model: string, name: string, field: Field, options: AlterFieldOptions = {}): Operation {
  const { fill, confirmed } = options
  return altering({
    name: 'alterField',
    args: [model, name, field, ...optionsArgument({ fill, confirmed })],
    ...confirmation(
      options,
      (from, app) => tightening(modelBefore(from, app, model)?.fields[name], field, fill),
      (isConfirmed) => alterField(model, name, field, { ...options, confirmed: isConfirmed }),
    ),
    fragment: `alter_${model.toLowerCase()}_${name}`,
    model,
    describe: () => `Alter field ${name} on ${model.toLowerCase()}`,
    change(before) {
      assertWritten(declaredField(before, name), field)
      return withField(before, name, field)
    },
    forwards: (pair) => fillsOfAltered(name, pair, fill),
    backwards: (pair) => fillsOfAltered(name, pair),
  })
}

/** @throws {MigrationError} if the database computes one of the two: such a column is made anew */
function assertWritten(...fields: readonly Field[]): void {
  if (fields.every(({ settings }) => !settings.generated)) return
  throw new MigrationError('Cannot alter a field that the database computes: remove it and add it')
}

/** How a field becomes stricter on the rows that are there; null if it does not. */
function tightening(before: Field | undefined, after: Field, fill: FillOptions['fill']): string | null {
  if (!before) return null
  const isFilled = fillOf(after, fill) !== undefined
  const risks = [
    ...(before.settings.nullable && !after.settings.nullable && !isFilled ? ['rows without a value'] : []),
    ...(after.settings.unique && !before.settings.unique ? ['values that are there more than once'] : []),
    ...(narrowing(before, after) ? ['values that do not fit'] : []),
  ]
  return risks.length === 0 ? null : `${risks.join(' and ')} are refused`
}
