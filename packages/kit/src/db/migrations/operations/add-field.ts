import type { Field } from '../../fields/index.ts'
import { MigrationError } from '../migration-error.ts'
import { altering, type FillOptions, fillsOfAdded, withField } from './altering.ts'
import type { Operation } from './operation.ts'

/**
 * Adds a field. Rows that are there get its constant default, or `fill`.
 *
 * @example
 * addField('Client', 'phone', phone().optional())
 */
export function addField(model: string, name: string, field: Field, options: FillOptions = {}): Operation {
  const { fill } = options
  return altering({
    name: 'addField',
    args: [model, name, field, ...(fill === undefined ? [] : [{ fill }])],
    fragment: `${model.toLowerCase()}_${name}`,
    model,
    describe: () => `Add field ${name} to ${model.toLowerCase()}`,
    change(before) {
      if (before.fields[name]) throw new MigrationError(`Cannot add field ${name} to ${before.label}: it has one`)
      return withField(before, name, field)
    },
    forwards: () => fillsOfAdded(name, field, fill),
  })
}
