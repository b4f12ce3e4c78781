import { isForeignKey } from '../fields/index.ts'
import type { Column } from './column.ts'
import { type AnyModel, foreignKeys } from './model.ts'

/** A foreign key that points to a model, seen from there. */
export interface Referrer {
  readonly model: AnyModel
  readonly column: Column
}

/** All models of a project, by label and by table, with their relations resolved. */
export interface Registry {
  readonly models: readonly AnyModel[]
  find(label: string): AnyModel | undefined
  /** @throws {TypeError} if there is no such model */
  get(label: string): AnyModel
  findTable(table: string): AnyModel | undefined
  /** The model that a foreign key points to. */
  target(column: Column): AnyModel
  /** The foreign keys that point to a model. */
  referrers(model: AnyModel): readonly Referrer[]
}

/**
 * Collects the models of a project.
 *
 * @throws {TypeError} if two models share a label or a table, or a foreign key points to no model, or from a global
 * model into a business
 */
export function createRegistry(models: readonly AnyModel[]): Registry {
  const byLabel = indexed(models, (model) => model.label, 'label')
  const byTable = indexed(models, (model) => model.table.toLowerCase(), 'table')
  const get = (label: string): AnyModel => {
    const model = byLabel.get(label)
    if (!model) throw new TypeError(`There is no model "${label}". There are: ${[...byLabel.keys()].join(', ')}`)
    return model
  }
  const target = (column: Column): AnyModel => {
    if (!isForeignKey(column.kind)) throw new TypeError(`${column.name} is no foreign key`)
    return get(column.kind.targetLabel)
  }
  const referrers = referrersOf(models, target)
  return {
    models,
    get,
    target,
    find: (label) => byLabel.get(label),
    findTable: (table) => byTable.get(table.toLowerCase()),
    referrers: (model) => referrers.get(model) ?? [],
  }
}

function indexed(models: readonly AnyModel[], keyOf: (model: AnyModel) => string, word: string): Map<string, AnyModel> {
  const index = new Map<string, AnyModel>()
  for (const model of models) {
    const key = keyOf(model)
    const other = index.get(key)
    if (other) throw new TypeError(`${other.label} and ${model.label} have the same ${word} "${key}"`)
    index.set(key, model)
  }
  return index
}

function referrersOf(
  models: readonly AnyModel[],
  target: (column: Column) => AnyModel,
): ReadonlyMap<AnyModel, readonly Referrer[]> {
  const referrers = new Map<AnyModel, Referrer[]>()
  for (const model of models) {
    for (const column of foreignKeys(model)) {
      const pointed = target(column)
      assertRelation(model, column, pointed)
      const list = referrers.get(pointed) ?? []
      list.push({ model, column })
      referrers.set(pointed, list)
    }
  }
  return referrers
}

function assertRelation(model: AnyModel, column: Column, pointed: AnyModel): void {
  if (model.scope === 'global' && pointed.scope === 'business') {
    throw new TypeError(`${model.label}.${column.name} points into a business, but ${model.label} belongs to none`)
  }
  const isCleared = isForeignKey(column.kind) && column.kind.onDelete === 'set null'
  if (isCleared && !column.settings.nullable) {
    throw new TypeError(`${model.label}.${column.name} is set null on delete, so it must be optional()`)
  }
}
