import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Relation } from '../models/index.ts'
import type { JoinedTables } from './joined-tables.ts'
import type { SqlBuilder } from './store.ts'

export interface PointingParts {
  /** The tables of the model that the relation leads to. */
  readonly tables: JoinedTables
  readonly builder: SqlBuilder
  readonly value: RawBuilder<unknown>
}

/** A select of a value from the rows that a relation leads to, and the column by which those rows point back. */
export function pointingRows({ column, type, through }: Relation, { tables, builder, value }: PointingParts) {
  const rows = tables.from(builder).select(value.as('v'))
  if (!through) {
    const select = type ? rows.where(pointsToModel(tables, type)) : rows
    return { select, pointing: tables.column(column) }
  }
  const between = `${tables.base.slice(0, -1)}t`
  const paired = rows.innerJoin(
    `${through.model.table} as ${between}`,
    `${between}.${through.onward.column}`,
    `${tables.base}.id`,
  )
  const select = through.model.hasSoftDelete ? paired.where(`${between}.deleted_at`, 'is', null) : paired
  return { select, pointing: `${between}.${column.column}` }
}

/** Of a generic reference: that it points to a row of that model. A label holds letters, digits and a dot. */
export const pointsToModel = (tables: JoinedTables, { column, label }: NonNullable<Relation['type']>) =>
  sql<SqlBool>`${sql.ref(tables.column(column))} = ${sql.lit(label)}`

/** Where the key stands that rows over a relation point to: the id of a row, or the last foreign key on the way to it. */
export function keyPointedTo(tables: JoinedTables, hops: Parameters<JoinedTables['add']>[0]): string {
  const last = hops.at(-1)
  return last ? tables.columnOver(hops.slice(0, -1), last) : `${tables.base}.id`
}
