import type { IdKind } from '../../fields/index.ts'
import {
  type AnyCondition,
  type AnyModel,
  checkOf,
  type Fields,
  indexArgument,
  indexOf,
  type MysqlTableOptions,
  type Scope,
  uniqueArgument,
  uniqueSetOf,
} from '../../models/index.ts'
import { declaredUnique, frozenModel, usualTable } from '../remake-model.ts'
import type { IndexSpec } from './index-operations.ts'
import { argumentOf, type Operation } from './operation.ts'
import type { UniqueSpec } from './unique-operations.ts'

export interface CreateModelOptions {
  readonly scope: Scope
  readonly fields: Fields
  readonly unique?: readonly UniqueSpec[]
  readonly indexes?: readonly IndexSpec[]
  readonly checks?: { readonly [name: string]: AnyCondition }
  /** On by default for models of a business. */
  readonly softDelete?: boolean
  /** Whether each row counts its changes. Off by default. */
  readonly version?: boolean
  readonly id?: IdKind
  /** The table, if not `app_model`. */
  readonly table?: string
  readonly comment?: string
  readonly mysql?: MysqlTableOptions
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
    args: [name, argumentOf(options)],
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
    ...(model.hasVersion ? { version: true } : {}),
    fields: model.fields,
    ...(unique.length === 0 ? {} : { unique: unique.map(uniqueArgument) }),
    ...(model.indexes.length === 0 ? {} : { indexes: model.indexes.map(indexArgument) }),
    ...(model.checks.length === 0
      ? {}
      : { checks: Object.fromEntries(model.checks.map((each) => [each.name, each.where])) }),
    ...(model.comment === null ? {} : { comment: model.comment }),
    ...(model.rowFormat === 'dynamic' ? {} : { mysql: { rowFormat: model.rowFormat } }),
  })
}

function modelOf(label: string, options: CreateModelOptions): AnyModel {
  return frozenModel(label, {
    scope: options.scope,
    fields: options.fields,
    id: options.id ?? 'uuid',
    softDelete: options.softDelete ?? true,
    version: options.version ?? false,
    unique: (options.unique ?? []).map(uniqueSetOf),
    indexes: (options.indexes ?? []).map(indexOf),
    checks: Object.entries(options.checks ?? {}).map(([check, where]) => checkOf(check, where)),
    table: options.table ?? usualTable(label),
    comment: options.comment ?? null,
    rowFormat: options.mysql?.rowFormat ?? 'dynamic',
  })
}
