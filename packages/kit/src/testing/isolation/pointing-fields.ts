import { type AnyModel, foreignKeys, genericKeys, mayPointTo } from '../../db/index.ts'

interface PointedRow {
  readonly model: AnyModel
  readonly id: string
  readonly isBinned: boolean
}

/** The fields by which rows of a model point to others: their values are not made up. */
export function pointingFields(model: AnyModel): ReadonlySet<string> {
  const generic = genericKeys(model).flatMap(({ typeColumn, idColumn }) => [typeColumn.name, idColumn.name])
  return new Set([...foreignKeys(model).map(({ name }) => name), ...generic])
}

/** Values for the generic references of a model, each to one of the rows that it may point to; nulls where there is none. */
export function genericValues(
  model: AnyModel,
  rows: readonly PointedRow[],
  at: number,
): Readonly<Record<string, string | null>> {
  const values = genericKeys(model).flatMap((key) => {
    const fitting = rows.filter((row) => !row.isBinned && row.model !== model && mayPointTo(model, key, row.model))
    const row = fitting[(at * 7) % Math.max(1, fitting.length)]
    return [
      [key.typeColumn.name, row?.model.label ?? null],
      [key.idColumn.name, row?.id ?? null],
    ]
  })
  return Object.fromEntries(values)
}
