import type { MysqlTableOptions } from '../../models/index.ts'
import { remakeModel } from '../remake-model.ts'
import { altering } from './altering.ts'
import { argumentOf, type Operation } from './operation.ts'

export interface TableOptions {
  /** Null for none. */
  readonly comment?: string | null
  readonly mysql?: MysqlTableOptions
}

/** Changes the comment of a model's table, or how MySQL keeps its rows. What is left out stays. */
export function alterTableOptions(model: string, options: TableOptions): Operation {
  const { comment, mysql } = options
  return altering({
    name: 'alterTableOptions',
    args: [model, argumentOf(options)],
    fragment: `alter_${model.toLowerCase()}_table_options`,
    model,
    describe: () => `Alter table options of ${model.toLowerCase()}`,
    change: (before) =>
      remakeModel(before, {
        ...(comment === undefined ? {} : { comment }),
        ...(mysql?.rowFormat === undefined ? {} : { rowFormat: mysql.rowFormat }),
      }),
  })
}
