import type { IdKind } from '../fields/index.ts'
import { type AnyModel, type Fields, model, type Scope } from '../models/index.ts'

/** What migrations know of a model: what shapes its table, and nothing of how it is shown. */
export interface ModelParts {
  readonly scope: Scope
  readonly id: IdKind
  readonly softDelete: boolean
  readonly fields: Fields
  readonly unique: readonly (readonly string[])[]
  readonly indexes: readonly (readonly string[])[]
  readonly table: string
}

/** A model as it was at some point of the history. */
export function frozenModel(label: string, { scope, softDelete, ...rest }: ModelParts): AnyModel {
  // as: an index or a unique set of a name that is no field is refused by model(), whatever its type.
  const options = rest as Omit<typeof rest, 'unique' | 'indexes'>
  return scope === 'business'
    ? model(label, { ...options, scope, softDelete })
    : model(label, { ...options, scope, reason: 'as migrated' })
}

export function partsOf(of: AnyModel): ModelParts {
  return {
    scope: of.scope,
    id: of.idKind,
    softDelete: of.hasSoftDelete,
    fields: of.fields,
    unique: declaredUnique(of),
    indexes: of.indexes,
    table: of.table,
  }
}

/** The same model with some parts changed. */
export function remakeModel(of: AnyModel, changes: Partial<ModelParts>): AnyModel {
  return frozenModel(of.label, { ...partsOf(of), ...changes })
}

/** The unique sets that the model declares, without those of fields that are unique by themselves. */
export function declaredUnique(of: AnyModel): readonly (readonly string[])[] {
  const isFieldOwn = (set: readonly string[]): boolean => set.length === 1 && isUnique(of, set[0] ?? '')
  return of.unique.filter((set) => !isFieldOwn(set))
}

const isUnique = (of: AnyModel, name: string): boolean => of.fields[name]?.settings.unique === true

/** The table that a model has unless it says otherwise. */
export function usualTable(label: string): string {
  return label.replace('.', '_').toLowerCase()
}
