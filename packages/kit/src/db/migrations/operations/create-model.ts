import type { IdKind } from '../../fields/index.ts'
import type { AnyModel, Fields, Scope } from '../../models/index.ts'
import { declaredUnique, frozenModel, usualTable } from '../remake-model.ts'
import type { Argument, Operation } from './operation.ts'

export interface CreateModelOptions {
  readonly scope: Scope
  readonly fields: Fields
  readonly unique?: readonly (readonly string[])[]
  readonly indexes?: readonly (readonly string[])[]
  /** On by default for models of a business. */
  readonly softDelete?: boolean
  readonly id?: IdKind
  /** The table, if not `app_model`. */
  readonly table?: string
}

/**
 * Creates a model's table with its keys and indexes.
 *
 * @example
 * createModel('Tag', { scope: 'business', fields: { name: text({ max: 40, unique: true }) } })
 */
export function createModel(name: string, options: CreateModelOptions): Operation {
  return {
    name: 'createModel',
    args: [name, options as unknown as Argument], // as: an interface has no index signature, but holds arguments alone
    isReversible: true,
    fragment: name.toLowerCase(),
    describe: () => `Create model ${name}`,
    stateForwards: (state, app) => state.adding(modelOf(`${app}.${name}`, options)),
    databaseForwards: (editor, { app, to }) => editor.createTable(to.get(`${app}.${name}`), to),
    databaseBackwards: (editor, { app, from }) => editor.dropTable(from.get(`${app}.${name}`), from),
  }
}

/** The operation that creates a model as it is declared. */
export function createModelAs(model: AnyModel): Operation {
  const unique = declaredUnique(model)
  return createModel(model.name, {
    scope: model.scope,
    ...(model.idKind === 'uuid' ? {} : { id: model.idKind }),
    ...(model.table === usualTable(model.label) ? {} : { table: model.table }),
    ...(model.scope === 'business' && !model.hasSoftDelete ? { softDelete: false } : {}),
    fields: model.fields,
    ...(unique.length === 0 ? {} : { unique }),
    ...(model.indexes.length === 0 ? {} : { indexes: model.indexes }),
  })
}

function modelOf(label: string, options: CreateModelOptions): AnyModel {
  return frozenModel(label, {
    scope: options.scope,
    fields: options.fields,
    id: options.id ?? 'uuid',
    softDelete: options.softDelete ?? true,
    unique: options.unique ?? [],
    indexes: options.indexes ?? [],
    table: options.table ?? usualTable(label),
  })
}
