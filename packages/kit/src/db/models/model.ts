import { boundToSelf, type Field, type IdKind, isForeignKey } from '../fields/index.ts'
import { assertKeys } from './assert-keys.ts'
import { type Column, columnNamedIn, columnOf } from './column.ts'
import { fieldNameFlaw } from './field-name.ts'
import { assertGeneratedFields } from './generated-fields.ts'
import { genericIndexes } from './generic-indexes.ts'
import {
  type AnyCheckOptions,
  type AnyIndexOptions,
  type AnyUniqueOptions,
  type CheckOptions,
  type ColumnCondition,
  checkOf,
  type IndexOptions,
  indexOf,
  type Signed,
  type Sortable,
  type UniqueOptions,
  uniqueSetOf,
} from './key-options.ts'
import { auditFields, businessField, deletionFields, idField, versionField } from './kit-fields.ts'
import { ManyToMany } from './many-to-many.ts'
import type { Check, Index, UniqueSet } from './model-keys.ts'
import type { Declared, Fields, FieldsOf, Links, LinksOf, ModelShape, Scope } from './model-types.ts'

type FieldName<D extends Declared> = keyof FieldsOf<D> & string

/**
 * Ties a global model to businesses: a business sees a row only if the scoped model `model` points to it by `field`. The
 * model may be named by its label, where importing it would go in a circle.
 */
export interface SharedThrough {
  readonly model: AnyModel | string
  readonly field: string
}

interface CommonModelOptions<F extends Declared, Kind extends IdKind, Versioned extends boolean> {
  readonly fields: F
  /** UUIDv7, made by the kit (the default), or a number that the database counts up. */
  readonly id?: Kind
  /** Whether each row counts its changes in `version`, so that who changes it can say what they have seen. Off by default. */
  readonly version?: Versioned
  /** Sets of fields that are unique together, within the business and among rows not deleted. */
  readonly unique?: readonly (readonly FieldName<F>[] | UniqueOptions<NoInfer<FieldsOf<F>>>)[]
  /** Indexes; each starts with the business by itself. `-created_at` sorts downwards. */
  readonly indexes?: readonly (readonly Signed<Sortable<FieldsOf<F>>>[] | IndexOptions<NoInfer<FieldsOf<F>>>)[]
  /** Conditions by name that every row has to meet, held by the database: `{ credit_positive: { credit__gte: 0 } }`. */
  readonly checks?: {
    readonly [name: string]: ColumnCondition<NoInfer<FieldsOf<F>>> | CheckOptions<NoInfer<FieldsOf<F>>>
  }
  /** The order of lists that ask for none. By default the newest first. */
  readonly ordering?: readonly Signed<Sortable<FieldsOf<F>>>[]
  /** The field that stands for a row where one line must do. */
  readonly display?: FieldName<F>
  /** The name of one and of many, as people read them; made from the model's name by default. */
  readonly verboseName?: string
  readonly verboseNamePlural?: string
  /** The table, if not `app_model`. */
  readonly table?: string
  /** The label that the model had before, of the same app: `makemigrations` then renames it instead of making a new one. */
  readonly renamedFrom?: string
  /** What the database says of the table to those who look into it. SQLite keeps none. */
  readonly comment?: string
  /** How MySQL keeps the rows. */
  readonly mysql?: MysqlTableOptions
}

export interface MysqlTableOptions {
  /** `dynamic` by default; `compressed` takes less room and more time. */
  readonly rowFormat?: RowFormat
}

export type RowFormat = 'dynamic' | 'compressed'

export interface BusinessModelOptions<
  F extends Declared,
  Kind extends IdKind,
  Soft extends boolean,
  Versioned extends boolean = boolean,
> extends CommonModelOptions<F, Kind, Versioned> {
  readonly scope: 'business'
  /** Whether `delete` keeps the row for `restore`. On by default. */
  readonly softDelete?: Soft
}

export interface GlobalModelOptions<F extends Declared, Kind extends IdKind, Versioned extends boolean = boolean>
  extends CommonModelOptions<F, Kind, Versioned> {
  readonly scope: 'global'
  /** Why these rows belong to no business. */
  readonly reason: string
  readonly sharedThrough?: () => SharedThrough
}

/** A declared model. */
export interface Model<
  Label extends string = string,
  F extends Fields = Fields,
  S extends Scope = Scope,
  Kind extends IdKind = IdKind,
  Soft extends boolean = boolean,
  L extends Links = Links,
  Versioned extends boolean = boolean,
> extends ModelShape {
  readonly label: Label
  readonly app: string
  readonly name: string
  readonly table: string
  readonly scope: S
  readonly reason: string | null
  readonly idKind: Kind
  readonly hasSoftDelete: Soft
  readonly hasVersion: Versioned
  readonly fields: F
  /** Its many-to-many fields. */
  readonly links: L
  /** Whether the kit has made it, for the pairs of a many-to-many field. */
  readonly isAutomatic: boolean
  /** The labels that it may have had before. */
  readonly renamedFrom: readonly string[]
  /** Every column by its name in code: the id, the business, the declared fields, the kit's own. */
  readonly columns: ReadonlyMap<string, Column>
  readonly unique: readonly UniqueSet[]
  readonly indexes: readonly Index[]
  readonly checks: readonly Check[]
  readonly comment: string | null
  readonly rowFormat: RowFormat
  readonly ordering: readonly string[]
  readonly display: string
  readonly verboseName: string
  readonly verboseNamePlural: string
  readonly sharedThrough: (() => SharedThrough) | null
}

export type AnyModel = Model

/**
 * Declares a model: the one place that its table, checks, API, documentation and types come from. A model says whether
 * its rows belong to a business or to none (`scope`); there is no default.
 *
 * @example
 * const Tag = model('clients.Tag', { scope: 'business', fields: {} })
 * assert.equal(Tag.table, 'clients_tag')
 *
 * @throws {TypeError} if the label is not `app.Model`, or a name is taken, reserved or unknown
 */
export function model<
  const Label extends string,
  D extends Declared,
  Kind extends IdKind = 'uuid',
  Soft extends boolean = true,
  Versioned extends boolean = false,
>(
  label: Label,
  options: BusinessModelOptions<D, Kind, Soft, Versioned>,
): Model<Label, FieldsOf<D>, 'business', Kind, Soft, LinksOf<D>, Versioned>
export function model<
  const Label extends string,
  D extends Declared,
  Kind extends IdKind = 'uuid',
  Versioned extends boolean = false,
>(
  label: Label,
  options: GlobalModelOptions<D, Kind, Versioned>,
): Model<Label, FieldsOf<D>, 'global', Kind, false, LinksOf<D>, Versioned>
export function model(
  label: string,
  options: BusinessModelOptions<Declared, IdKind, boolean> | GlobalModelOptions<Declared, IdKind>,
): AnyModel {
  const [app, name] = labelParts(label)
  const isScoped = options.scope === 'business'
  const hasSoftDelete = isScoped && options.softDelete !== false
  const hasVersion = options.version === true
  const idKind = options.id ?? 'uuid'
  const { fields, links } = partedFields({ label, idKind }, options.fields)
  const columns = columnsOf(label, { fields, idKind, isScoped, hasSoftDelete, hasVersion })
  const verboseName = options.verboseName ?? wordsOf(name)
  const unique = uniqueSets(fields, options.unique ?? [])
  const indexes = (options.indexes ?? []).map((given: readonly string[] | AnyIndexOptions) => indexOf(given))
  const declared: AnyModel = {
    label,
    app,
    name,
    table: options.table ?? `${app}_${name.toLowerCase()}`,
    scope: options.scope,
    reason: options.scope === 'global' ? options.reason : null,
    idKind,
    hasSoftDelete,
    hasVersion,
    fields,
    links,
    isAutomatic: false,
    renamedFrom: formerLabels(label, options.renamedFrom),
    columns,
    unique,
    indexes: [...indexes, ...genericIndexes(fields, { indexes, unique, hasSoftDelete })],
    checks: Object.entries(options.checks ?? {}).map(([check, given]) => checkOf(check, given as AnyCheckOptions)), // as: its fields are looked up below
    comment: options.comment ?? null,
    rowFormat: rowFormatOf(label, options.mysql),
    ordering: options.ordering ?? ['-id'],
    display: options.display ?? 'id',
    verboseName,
    verboseNamePlural: options.verboseNamePlural ?? `${verboseName}s`,
    sharedThrough: options.scope === 'global' ? (options.sharedThrough ?? null) : null,
  }
  assertNames(declared)
  assertGeneratedFields(label, fields)
  return Object.freeze(declared)
}

/** Whether a value, such as an export of a module, is a model. */
export function isModel(value: unknown): value is AnyModel {
  return typeof value === 'object' && value !== null && 'columns' in value && 'idKind' in value && 'label' in value
}

/** The column of that name. @throws {TypeError} if the model has none */
export function columnNamed(of: AnyModel, name: string): Column {
  return columnNamedIn(of, name)
}

/** The columns that point to other rows. */
export function foreignKeys(of: AnyModel): Column[] {
  return [...of.columns.values()].filter((column) => isForeignKey(column.kind))
}

/** The fields with a column, those that point to the model itself bound to it, and the many-to-many fields. */
function partedFields(
  self: { readonly label: string; readonly idKind: IdKind },
  declared: Declared,
): { readonly fields: Fields; readonly links: Links } {
  const fields: Record<string, Field> = {}
  const links: Record<string, ManyToMany> = {}
  for (const [name, field] of Object.entries(declared)) {
    if (field instanceof ManyToMany) links[name] = field
    else fields[name] = boundToSelf(field, self)
  }
  return { fields: Object.freeze(fields), links: Object.freeze(links) }
}

function labelParts(label: string): readonly [string, string] {
  const parts = /^([a-z][a-z0-9_]*)\.([A-Z][A-Za-z0-9]*)$/.exec(label)
  if (!parts?.[1] || !parts[2]) {
    throw new TypeError(`Cannot declare model "${label}": the label must be app.Model, such as clients.Client`)
  }
  return [parts[1], parts[2]]
}

function formerLabels(label: string, renamedFrom: string | undefined): readonly string[] {
  if (renamedFrom === undefined) return []
  const [app] = labelParts(label)
  if (renamedFrom !== label && labelParts(renamedFrom)[0] === app) return [renamedFrom]
  throw new TypeError(
    `Cannot declare ${label}: renamedFrom must be another label of the app ${app}, got "${renamedFrom}". To move a model to another app, declare a new one and move the rows with runScript()`,
  )
}

const wordsOf = (name: string): string => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').toLowerCase()

interface ColumnParts {
  readonly fields: Fields
  readonly idKind: IdKind
  readonly isScoped: boolean
  readonly hasSoftDelete: boolean
  readonly hasVersion: boolean
}

function columnsOf(label: string, parts: ColumnParts): Map<string, Column> {
  const { fields, idKind, isScoped, hasSoftDelete, hasVersion } = parts
  const columns = new Map<string, Column>()
  const add = (origin: Column['origin'], named: Readonly<Record<string, Field>>): void => {
    for (const [name, field] of Object.entries(named)) {
      if (columns.has(name)) throw new TypeError(`Cannot declare ${label}.${name}: the kit adds a field of that name`)
      columns.set(name, columnOf(name, field, origin))
    }
  }
  add('id', idField(idKind))
  if (isScoped) add('business', businessField())
  add('declared', fields)
  if (isScoped) add('audit', auditFields())
  if (hasVersion) add('version', versionField())
  if (hasSoftDelete) add('deletion', deletionFields())
  return columns
}

/** The sets declared for the model, and one for each field that is unique by itself. */
function uniqueSets(fields: Fields, declared: readonly (readonly string[] | AnyUniqueOptions)[]): readonly UniqueSet[] {
  const single = Object.keys(fields).filter((name) => fields[name]?.settings.unique)
  const sets = [...single.map((name) => [name]), ...declared].map(uniqueSetOf)
  return [...new Map(sets.map((set) => [JSON.stringify({ ...set, message: null }), set])).values()]
}

function rowFormatOf(label: string, { rowFormat = 'dynamic' }: MysqlTableOptions = {}): RowFormat {
  if (rowFormat === 'dynamic' || rowFormat === 'compressed') return rowFormat
  throw new TypeError(`Cannot declare ${label}: mysql.rowFormat must be 'dynamic' or 'compressed', got ${rowFormat}`)
}

function assertNames(declared: AnyModel): void {
  for (const name of [...Object.keys(declared.fields), ...Object.keys(declared.links)]) {
    const flaw = fieldNameFlaw(name)
    if (flaw) throw new TypeError(`Cannot declare ${declared.label}.${name}: ${flaw}`)
  }
  for (const name of [...declared.ordering, declared.display]) columnNamed(declared, name.replace(/^-/, ''))
  assertKeys(declared)
}
