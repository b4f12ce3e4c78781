import type { AnyFieldKind, Field, FieldSettings } from '../fields/index.ts'

/** Where a column comes from: the model's own fields, or what every model of its scope has. */
export type ColumnOrigin = 'declared' | 'id' | 'business' | 'audit' | 'version' | 'deletion'

/** One column of a model: a declared field or one that the kit adds. */
export interface Column {
  /** The name in code and in the API: `owner`. */
  readonly name: string
  /** The name in the database: `owner_id`. */
  readonly column: string
  readonly kind: AnyFieldKind
  readonly settings: FieldSettings
  readonly origin: ColumnOrigin
  /** How people read it: `Created at`. */
  readonly label: string
}

export function columnOf(name: string, field: Field, origin: ColumnOrigin): Column {
  return Object.freeze({
    name,
    column: field.kind.name === 'foreignKey' ? `${name}_id` : name,
    kind: field.kind,
    settings: field.settings,
    origin,
    label: field.settings.label ?? labelOf(name),
  })
}

function labelOf(name: string): string {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

interface HasColumns {
  readonly label: string
  readonly columns: ReadonlyMap<string, Column>
}

/** The column of that name. @throws {TypeError} if there is none */
export function columnNamedIn({ label, columns }: HasColumns, name: string): Column {
  const column = columns.get(name)
  if (!column) throw new TypeError(`${label} has no field "${name}". It has: ${[...columns.keys()].join(', ')}`)
  return column
}
