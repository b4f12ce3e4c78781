import { isForeignKey } from '../fields/index.ts'
import type { Column } from './column.ts'
import { assertGenericKeys, genericPointing, genericRelations } from './generic-key.ts'
import { type AnyModel, foreignKeys } from './model.ts'
import { type Pointing, pointingOf } from './pointing.ts'
import { type Referrer, type Relation, relationsOf } from './relation.ts'
import { type Link, linkOf, withThroughModels } from './through-model.ts'

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
  /** All ways in which rows may point to rows of a model. */
  pointing(model: AnyModel): readonly Pointing[]
  /** The many-to-many fields of a model. */
  links(model: AnyModel): readonly Link[]
  /** The many-to-many field of that name. @throws {TypeError} if there is none */
  link(model: AnyModel, name: string): Link
  /** The ways from a model that have a name but no column: back along foreign keys, and many-to-many fields. */
  relations(model: AnyModel): readonly Relation[]
  /** The relation of that name, if there is one. */
  relation(model: AnyModel, name: string): Relation | undefined
}

/**
 * Collects the models of a project, and adds those that the kit makes for the pairs of many-to-many fields.
 *
 * @throws {TypeError} if two models share a label or a table, a foreign key points to no model or from a global model
 * into a business, or two relations of a model have one name
 */
export function createRegistry(declared: readonly AnyModel[]): Registry {
  const models = withThroughModels(declared)
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
  for (const model of models) assertGenericKeys(model, get)
  const pointing = new Map(
    models.map((model) => {
      return [model, [...(referrers.get(model) ?? []).map(pointingOf), ...genericPointing(models, model)]]
    }),
  )
  const links = new Map(
    models.map((model) => [model, Object.keys(model.links).map((name) => linkOf(model, name, get))]),
  )
  const allLinks = [...links.values()].flat()
  const relations = new Map(
    models.map((model) => {
      const generic = genericRelations(models, model)
      return [model, relationsOf(model, { referrers: referrers.get(model) ?? [], links: allLinks, generic })]
    }),
  )
  return {
    models,
    get,
    target,
    find: (label) => byLabel.get(label),
    findTable: (table) => byTable.get(table.toLowerCase()),
    referrers: (model) => referrers.get(model) ?? [],
    pointing: (model) => pointing.get(model) ?? [],
    links: (model) => links.get(model) ?? [],
    link: (model, name) => {
      const link = links.get(model)?.find((other) => other.name === name)
      if (link) return link
      throw new TypeError(`${model.label} has no many-to-many field "${name}". It has: ${linkNames(model)}`)
    },
    relations: (model) => [...(relations.get(model)?.values() ?? [])],
    relation: (model, name) => relations.get(model)?.get(name),
  }
}

const linkNames = (model: AnyModel): string => Object.keys(model.links).join(', ') || 'none'

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
  if (!isForeignKey(column.kind)) return
  const { onDelete } = column.kind
  if (onDelete === 'set null' && !column.settings.nullable) {
    throw new TypeError(`${model.label}.${column.name} is set null on delete, so it must be optional()`)
  }
  if (onDelete === 'set default' && column.settings.defaultValue === undefined) {
    throw new TypeError(`${model.label}.${column.name} is set to its default on delete, so it must have a default()`)
  }
}
