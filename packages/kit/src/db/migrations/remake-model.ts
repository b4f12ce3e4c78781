import type { IdKind } from '../fields/index.ts'
import {
  type AnyModel,
  type Check,
  type Fields,
  type Index,
  indexArgument,
  model,
  type RowFormat,
  type Scope,
  type UniqueSet,
  uniqueArgument,
} from '../models/index.ts'

/** What migrations know of a model: what shapes its table, and nothing of how it is shown. */
export interface ModelParts {
  readonly scope: Scope
  readonly id: IdKind
  readonly softDelete: boolean
  readonly version: boolean
  readonly fields: Fields
  readonly unique: readonly UniqueSet[]
  readonly indexes: readonly Index[]
  readonly checks: readonly Check[]
  readonly table: string
  readonly comment: string | null
  readonly rowFormat: RowFormat
}

/** A model as it was at some point of the history. */
export function frozenModel(label: string, parts: ModelParts): AnyModel {
  const { scope, softDelete, unique, indexes, checks, comment, rowFormat, ...rest } = parts
  const options = {
    ...rest,
    unique: unique.map(uniqueArgument),
    indexes: indexes.map(indexArgument),
    checks: Object.fromEntries(checks.map((check) => [check.name, check.where])),
    mysql: { rowFormat },
    ...(comment === null ? {} : { comment }),
    // as: a key or a check of a name that is no field is refused by model(), whatever its type.
  } as typeof rest
  return scope === 'business'
    ? model(label, { ...options, scope, softDelete })
    : model(label, { ...options, scope, reason: 'as migrated' })
}

export function partsOf(of: AnyModel): ModelParts {
  return {
    scope: of.scope,
    id: of.idKind,
    softDelete: of.hasSoftDelete,
    version: of.hasVersion,
    fields: of.fields,
    unique: declaredUnique(of),
    indexes: of.indexes,
    checks: of.checks,
    table: of.table,
    comment: of.comment,
    rowFormat: of.rowFormat,
  }
}

/** The same model with some parts changed. */
export function remakeModel(of: AnyModel, changes: Partial<ModelParts>): AnyModel {
  return frozenModel(of.label, { ...partsOf(of), ...changes })
}

/** The unique sets that the model declares, without those of fields that are unique by themselves. */
export function declaredUnique(of: AnyModel): readonly UniqueSet[] {
  return of.unique.filter((set) => {
    const [only = ''] = set.fields
    const isPlain = set.where === null && set.name === null && set.fields.length === 1
    return !(isPlain && of.fields[only]?.settings.unique === true)
  })
}

/** The table that a model has unless it says otherwise. */
export function usualTable(label: string): string {
  return label.replace('.', '_').toLowerCase()
}
