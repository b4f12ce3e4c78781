import type { Field, Json } from '../../fields/index.ts'
import type { AnyModel } from '../../models/index.ts'
import { MigrationError } from '../migration-error.ts'
import { remakeModel } from '../remake-model.ts'
import { fillOf, type ModelChange } from '../schema/index.ts'
import type { Operation, OperationChange } from './operation.ts'

interface ModelPair {
  readonly from: AnyModel
  readonly to: AnyModel
}

type Details = Pick<ModelChange, 'renamedFields' | 'fills'>

interface Alteration
  extends Pick<Operation, 'name' | 'args' | 'fragment' | 'describe' | 'risk' | 'isConfirmed' | 'confirming'> {
  readonly model: string
  /** The model after the operation. */
  change(model: AnyModel): AnyModel
  forwards?(pair: ModelPair): Details
  backwards?(pair: ModelPair): Details
}

/** An operation that changes one model and nothing else: its table is made what the model after it wants. */
export function altering({ model, change, forwards, backwards, ...rest }: Alteration): Operation {
  const pairOf = ({ app, from, to }: OperationChange): ModelPair => ({
    from: from.get(`${app}.${model}`),
    to: to.get(`${app}.${model}`),
  })
  return {
    ...rest,
    model,
    isReversible: true,
    stateForwards: (state, app) => state.replacing(change(state.get(`${app}.${model}`))),
    async databaseForwards(editor, step) {
      const pair = pairOf(step)
      await editor.alterTable({ ...pair, ...forwards?.(pair) }, step)
    },
    async databaseBackwards(editor, step) {
      const pair = pairOf(step)
      await editor.alterTable({ ...pair, ...backwards?.(pair) }, step)
    },
  }
}

/** The field of that name. @throws {MigrationError} if the model has none */
export function declaredField(model: AnyModel, name: string): Field {
  const field = model.fields[name]
  if (!field) throw new MigrationError(`${model.label} has no field "${name}" at this point of the migrations`)
  return field
}

/** The model with other fields; the sets and indexes follow where `rename` says so. */
export function withField(model: AnyModel, name: string, field: Field): AnyModel {
  return remakeModel(model, { fields: { ...model.fields, [name]: field } })
}

export interface FillOptions {
  /** The value that rows which are there already get. */
  readonly fill?: Json
}

/** The value that rows get in a field that they did not have. */
export function fillsOfAdded(name: string, field: Field, fill?: Json): Details {
  const value = fillOf(field, fill)
  return value === undefined ? {} : { fills: new Map([[name, value]]) }
}

/** The value that rows get where a field that may be null becomes one that may not. */
export function fillsOfAltered(name: string, { from, to }: ModelPair, fill?: Json): Details {
  const before = declaredField(from, name)
  const after = declaredField(to, name)
  return before.settings.nullable && !after.settings.nullable ? fillsOfAdded(name, after, fill) : {}
}
