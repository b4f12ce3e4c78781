import { type Field, generatedReferences, isForeignKey } from '../../fields/index.ts'
import type { AnyModel } from '../../models/index.ts'
import type { Operation } from '../operations/index.ts'

/** An operation that is to come, with what it makes true and what has to be true before it. */
export interface PlannedOperation {
  readonly app: string
  readonly operation: Operation
  readonly provides: readonly string[]
  readonly needs: readonly string[]
}

/** Why a change of a model cannot become a migration by itself. */
export interface Refusal {
  readonly app: string
  readonly message: string
}

export interface Detection {
  readonly operations: readonly PlannedOperation[]
  readonly refusals: readonly Refusal[]
}

/** The facts that operations provide and need. */
export const fact = {
  model: (label: string): string => `model ${label}`,
  field: (model: AnyModel, name: string): string => `field ${model.label}.${name}`,
  /** The field is gone, or points elsewhere. */
  fieldGone: (model: AnyModel, name: string): string => `gone ${model.label}.${name}`,
  /** All migrations that the app has so far. */
  migrated: (app: string): string => `migrated ${app}`,
  tableGone: (table: string): string => `dropped ${table}`,
}

/** The app whose migrations so far make a fact true: that a model exists, or that they are done. */
export function appOfFact(text: string): string | null {
  return /^(?:model|migrated) (\w+)/.exec(text)?.[1] ?? null
}

export function targetOf(field: Field): string | null {
  return isForeignKey(field.kind) ? field.kind.targetLabel : null
}

/** The label that a foreign key points to, as a list to spread. */
export function targetFacts(field: Field): string[] {
  const target = targetOf(field)
  return target === null ? [] : [fact.model(target)]
}

/** The fields that the database computes a field from, as facts. */
export function baseFacts(model: AnyModel, { settings }: Field): string[] {
  return settings.generated ? generatedReferences(settings.generated).map((base) => fact.field(model, base)) : []
}
