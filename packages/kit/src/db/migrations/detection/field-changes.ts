import { type Field, generatedReferences, isForeignKey } from '../../fields/index.ts'
import { type AnyModel, fieldsGeneratedFrom } from '../../models/index.ts'
import { addField, alterField, removeField } from '../operations/index.ts'
import { foreignIdKind } from '../project-state.ts'
import { isSameField } from './field-signature.ts'
import { fillFor } from './fill-value.ts'
import {
  baseFacts,
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
    ...altered.map((named) => alteration(from, named)),
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
    return before && isReplaced({ from, to }, { name, before, field }) ? [name] : []
  })
}

interface FieldPair {
  readonly name: string
  readonly before: Field
  readonly field: Field
}

function isReplaced({ from, to }: ModelPair, { before, field }: FieldPair): boolean {
  if (isForeignKey(before.kind) !== isForeignKey(field.kind) || foreignIdKind(before) !== foreignIdKind(field))
    return true
  const { generated } = before.settings
  if (!generated && !field.settings.generated) return false
  // No database alters what it computes, nor a column that it computes another from.
  const bases = generated ? generatedReferences(generated) : []
  return !isSameField(before, field) || bases.some((base) => !isSame(from.fields[base], to.fields[base]))
}

const namedFields = (model: AnyModel): NamedField[] =>
  Object.entries(model.fields).map(([name, field]) => ({ model, name, field }))

const isSame = (before: Field | undefined, after: Field | undefined): boolean =>
  before !== undefined && after !== undefined && isSameField(before, after)

function removal(model: AnyModel, name: string): PlannedOperation {
  return {
    app: model.app,
    operation: removeField(model.name, name),
    provides: [fact.fieldGone(model, name)],
    needs: dependentsGone(model, name),
  }
}

/** What the database computes from a field goes before the field itself. */
const dependentsGone = (model: AnyModel, name: string): string[] =>
  fieldsGeneratedFrom(model.fields, name).map((dependent) => fact.fieldGone(model, dependent))

function addition({ model, name, field }: NamedField, isReplacement: boolean): PlannedOperation | Refusal {
  const fill = field.settings.nullable ? {} : fillFor(field)
  if (!fill) return { app: model.app, message: impossible({ model, name, field }, 'add a non-nullable field') }
  return {
    app: model.app,
    operation: addField(model.name, name, field, fill),
    provides: [fact.field(model, name)],
    needs: [...targetFacts(field), ...baseFacts(model, field), ...(isReplacement ? [fact.fieldGone(model, name)] : [])],
  }
}

function alteration(from: AnyModel, { model, name, field }: NamedField): PlannedOperation {
  const before = from.fields[name]
  const isTightened = before?.settings.nullable === true && !field.settings.nullable
  // Without a value for the rows that have none it has to be confirmed that there are no such rows.
  const fill = (isTightened ? fillFor(field) : null) ?? {}
  const isPointedElsewhere = before !== undefined && targetOf(before) !== targetOf(field)
  return {
    app: model.app,
    operation: alterField(model.name, name, field, fill),
    provides: [fact.field(model, name), ...(isPointedElsewhere ? [fact.fieldGone(model, name)] : [])],
    needs: [...targetFacts(field), ...dependentsGone(from, name)],
  }
}

function impossible({ model, name, field }: NamedField, action: string): string {
  const start = `Field '${name}' on model '${model.name.toLowerCase()}' not migrated: it is impossible to ${action} without specifying a default`
  return field.settings.defaultValue === undefined ? `${start}.` : `${start} that is the same for every row.`
}
