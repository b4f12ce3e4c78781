import { remakeModel } from '../remake-model.ts'
import { altering } from './altering.ts'
import type { Operation } from './operation.ts'

/** Gives a model's table another name. */
export function alterModelTable(model: string, table: string): Operation {
  return altering({
    name: 'alterModelTable',
    args: [model, table],
    fragment: `alter_${model.toLowerCase()}_table`,
    model,
    describe: () => `Rename table for ${model.toLowerCase()} to ${table}`,
    change: (before) => remakeModel(before, { table }),
  })
}
