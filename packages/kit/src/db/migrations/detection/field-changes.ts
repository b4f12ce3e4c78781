import { type Field, isForeignKey } from '../../fields/index.ts'
import type { AnyModel } from '../../models/index.ts'
import { addField, alterField, removeField } from '../operations/index.ts'
import { foreignIdKind } from '../project-state.ts'
import { isSameField } from './field-signature.ts'
import { fillFor } from './fill-value.ts'
import {
  type Detection,
  fact,
  type PlannedOperation,
  type Refusal,
  targetFacts,
  targetOf,
} from './planned-operation.ts'

export interface ModelPair {
  readonly from: AnyModel
  readonly to: AnyModel
}

interface NamedField {
  readonly model: AnyModel
  readonly name: string
  readonly field: Field
}

/** The operations that give a model the fields that it declares. */
export function fieldChanges({ from, to }: ModelPair): Detection {
  const replaced = new Set(replacedFields({ from, to }))
  const isKept = (name: string): boolean => !replaced.has(name) && name in from.fields && name in to.fields
  const removed = Object.keys(from.fields).filter((name) => !isKept(name))
  const added = namedFields(to).filter(({ name }) => !isKept(name))
  const altered = namedFields(to).filter(({ name, field }) => isKept(name) && !isSame(from.fields[name], field))
  const results = [
    ...removed.map((name) => removal(from, name)),
    ...added.map((named) => addition(named, replaced.has(named.name))),
    ...altered.map((named) => alteration(named, from.fields[named.name])),
  ]
  return {
    operations: results.filter((result) => 'operation' in result),
    refusals: results.filter((result) => 'message' in result),
  }
}

/** Fields whose values mean nothing in their new kind: they go, and a new one comes under the name. */
export function replacedFields({ from, to }: ModelPair): string[] {
  return namedFields(to).flatMap(({ name, field }) => {
    const before = from.fields[name]
    if (!before) return []
    const isSameSort = isForeignKey(before.kind) === isForeignKey(field.kind)
    return isSameSort && foreignIdKind(before) === foreignIdKind(field) ? [] : [name]
  })
}

const namedFields = (model: AnyModel): NamedField[] =>
  Object.entries(model.fields).map(([name, field]) => ({ model, name, field }))

const isSame = (before: Field | undefined, after: Field): boolean => before !== undefined && isSameField(before, after)

function removal(model: AnyModel, name: string): PlannedOperation {
  return {
    app: model.app,
    operation: removeField(model.name, name),
    provides: [fact.fieldGone(model, name)],
    needs: [],
  }
}

function addition({ model, name, field }: NamedField, isReplacement: boolean): PlannedOperation | Refusal {
  const fill = field.settings.nullable ? {} : fillFor(field)
  if (!fill) return { app: model.app, message: impossible({ model, name, field }, 'add a non-nullable field') }
  return {
    app: model.app,
    operation: addField(model.name, name, field, fill),
    provides: [fact.field(model, name)],
    needs: [...targetFacts(field), ...(isReplacement ? [fact.fieldGone(model, name)] : [])],
  }
}

function alteration({ model, name, field }: NamedField, before: Field | undefined): PlannedOperation | Refusal {
  const isTightened = before?.settings.nullable === true && !field.settings.nullable
  const fill = isTightened ? fillFor(field) : {}
  if (!fill) {
    const action = 'change a nullable field to a non-nullable one'
    return { app: model.app, message: impossible({ model, name, field }, action) }
  }
  const isPointedElsewhere = before !== undefined && targetOf(before) !== targetOf(field)
  return {
    app: model.app,
    operation: alterField(model.name, name, field, fill),
    provides: [fact.field(model, name), ...(isPointedElsewhere ? [fact.fieldGone(model, name)] : [])],
    needs: targetFacts(field),
  }
}

function impossible({ model, name, field }: NamedField, action: string): string {
  const start = `Field '${name}' on model '${model.name.toLowerCase()}' not migrated: it is impossible to ${action} without specifying a default`
  return field.settings.defaultValue === undefined ? `${start}.` : `${start} that is the same for every row.`
}
