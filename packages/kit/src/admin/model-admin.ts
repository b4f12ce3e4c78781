import type { AnyModel, ColumnName, ModelShape, Path } from '../db/index.ts'

type Signed<Name extends string> = Name | `-${Name}`

/** A group of fields in the form of a row. */
export interface Fieldset<Name extends string = string> {
  /** Left out: the group has no heading. */
  readonly title?: string
  readonly description?: string
  readonly fields: readonly Name[]
}

/** How the admin shows a model. Everything may be left out. */
export interface ModelAdminOptions<M extends ModelShape> {
  /** The columns of the list; by default the field that stands for the row. */
  readonly listDisplay?: readonly ColumnName<M>[]
  /** What the list can be narrowed by, across foreign keys: `owner__email`. */
  readonly listFilter?: readonly Path<M>[]
  /** Where the search looks; `^name` begins with, `=name` equals. */
  readonly searchFields?: readonly (Path<M> | `^${Path<M>}` | `=${Path<M>}`)[]
  /** The order of the list; by default the model's. */
  readonly ordering?: readonly Signed<Path<M>>[]
  /** Shown in the form, but not changed there. */
  readonly readonlyFields?: readonly ColumnName<M>[]
  /** The groups of the form; by default one with every field that can be changed. */
  readonly fieldsets?: readonly Fieldset<ColumnName<M>>[]
}

/** A model with how the admin shows it. */
export interface ModelAdmin {
  readonly model: AnyModel
  readonly listDisplay: readonly string[]
  readonly listFilter: readonly string[]
  readonly searchFields: readonly string[]
  readonly ordering: readonly string[]
  readonly readonlyFields: readonly string[]
  readonly fieldsets: readonly Fieldset[]
}

/**
 * Registers a model with the admin: an app's `admin.ts` exports what this gives for each of its models.
 *
 * `export const ClientAdmin = register(Client, { listDisplay: ['name', 'status'], searchFields: ['name'] })`
 */
export function register<M extends ModelShape>(model: M, options: ModelAdminOptions<M> = {}): ModelAdmin {
  const declared = model as unknown as AnyModel // as: every ModelShape is made by model()
  const readonlyFields = options.readonlyFields ?? []
  return Object.freeze({
    model: declared,
    listDisplay: options.listDisplay ?? [declared.display],
    listFilter: options.listFilter ?? [],
    searchFields: options.searchFields ?? [],
    ordering: options.ordering ?? declared.ordering,
    readonlyFields,
    fieldsets: options.fieldsets ?? [{ fields: [...new Set([...changeableFields(declared), ...readonlyFields])] }],
  })
}

/** Whether a value, such as an export of `admin.ts`, is a registration. */
export function isModelAdmin(value: unknown): value is ModelAdmin {
  return typeof value === 'object' && value !== null && 'listDisplay' in value && 'model' in value
}

function changeableFields({ columns }: AnyModel): string[] {
  return [...columns.values()]
    .filter(({ origin, settings }) => origin === 'declared' && !settings.readOnly && !settings.sensitive)
    .map(({ name }) => name)
}
