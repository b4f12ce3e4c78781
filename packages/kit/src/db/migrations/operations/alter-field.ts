import type { Field } from '../../fields/index.ts'
import { MigrationError } from '../migration-error.ts'
import { altering, declaredField, type FillOptions, fillsOfAltered, withField } from './altering.ts'
import type { Operation } from './operation.ts'

/** Gives a field another kind, other options, or lets it be null or not. Rows that are null then get the constant default, or `fill`. */
export function alterField(model: string, name: string, field: Field, options: FillOptions = {}): Operation {
  const { fill } = options
  return altering({
    name: 'alterField',
    args: [model, name, field, ...(fill === undefined ? [] : [{ fill }])],
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
