import { type GenericReference, isGenericType } from '../fields/index.ts'
import type { Column } from './column.ts'
import { type AnyModel, columnNamed } from './model.ts'
import type { Pointing } from './pointing.ts'
import type { Relation } from './relation.ts'

/** A reference of a model to any of several others, with its two columns. */
export interface GenericKey {
  readonly reference: GenericReference
  readonly typeColumn: Column
  readonly idColumn: Column
}

/** The generic references of a model. */
export function genericKeys(of: AnyModel): GenericKey[] {
  return [...of.columns.values()].flatMap((typeColumn) => {
    if (!isGenericType(typeColumn.kind)) return []
    const { generic } = typeColumn.kind
    return [{ reference: generic, typeColumn, idColumn: columnNamed(of, `${generic.name}_id`) }]
  })
}

/** Whether rows of a model may be pointed to by a reference of another. */
export const mayPointTo = (of: AnyModel, { reference }: GenericKey, target: AnyModel): boolean => {
  const labels = reference.labels()
  const isMeant = labels ? labels.includes(target.label) : !target.isAutomatic
  return isMeant && target.idKind === reference.idKind && (of.scope === 'business' || target.scope === 'global')
}

/** The ways in which generic references point to a model. */
export function genericPointing(models: readonly AnyModel[], target: AnyModel): Pointing[] {
  return models.flatMap((model) =>
    genericKeys(model)
      .filter((key) => mayPointTo(model, key, target))
      .map(({ reference, typeColumn, idColumn }) => {
        return { model, column: idColumn, typeColumn, onDelete: reference.onDelete }
      }),
  )
}

/** The ways back from a model along generic references that name them. */
export function genericRelations(models: readonly AnyModel[], target: AnyModel): Relation[] {
  return models.flatMap((model) =>
    genericKeys(model)
      .filter((key) => mayPointTo(model, key, target))
      .flatMap((key) => relationBack(model, key, target)),
  )
}

function relationBack(model: AnyModel, { reference, typeColumn, idColumn }: GenericKey, target: AnyModel): Relation[] {
  const { relatedName: name } = reference
  if (name === null) return []
  const pair = [typeColumn.name, idColumn.name]
  const isOne = model.unique.some(
    ({ where, fields }) =>
      where === null && fields.every((field) => pair.includes(field)) && fields.includes(idColumn.name),
  )
  const type = { column: typeColumn, label: target.label }
  return [{ name, model, column: idColumn, type, isOne, through: null }]
}

/** @throws {TypeError} if a reference names a model that it cannot point to */
export function assertGenericKeys(of: AnyModel, get: (label: string) => AnyModel): void {
  for (const key of genericKeys(of)) {
    for (const label of key.reference.labels() ?? []) {
      if (mayPointTo(of, key, get(label))) continue
      throw new TypeError(
        `${of.label}.${key.reference.name} cannot point to ${label}: its ids must be of the kind '${key.reference.idKind}', and it must not point into a business from outside`,
      )
    }
  }
}
