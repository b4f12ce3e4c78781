import { isForeignKey } from '../fields/index.ts'
import type { Column } from './column.ts'
import { fieldNameFlaw } from './field-name.ts'
import type { AnyModel } from './model.ts'

/** A foreign key that points to a model, seen from there. */
export interface Referrer {
  readonly model: AnyModel
  readonly column: Column
}

/** A way from a model to the rows of another that point to it, by a name of its own: `clients` of a user. */
export interface Relation {
  readonly name: string
  /** The model whose rows it leads to. */
  readonly model: AnyModel
  /** The foreign key that points here: a column of `model` or, where there is one, of `through.model`. */
  readonly column: Column
  /** Whether there is one such row at the most. */
  readonly isOne: boolean
  /** The rows between, of a many-to-many relation, and their foreign key that leads on to `model`. */
  readonly through: { readonly model: AnyModel; readonly onward: Column } | null
}

/**
 * The relations that lead away from a model, by name.
 *
 * @throws {TypeError} if a name is taken, or is none
 */
export function relationsOf(model: AnyModel, referrers: readonly Referrer[]): ReadonlyMap<string, Relation> {
  const relations = new Map<string, Relation>()
  for (const referrer of referrers) {
    const relation = reverseOf(referrer)
    if (relation) add(model, relations, relation)
  }
  return relations
}

function add(model: AnyModel, relations: Map<string, Relation>, relation: Relation): void {
  const { name } = relation
  const from = `${relation.model.label}.${relation.column.name}`
  const flaw = fieldNameFlaw(name)
  if (flaw) throw new TypeError(`${from} cannot be called "${name}" from ${model.label}: ${flaw}. ${REMEDY}`)
  if (model.columns.has(name)) {
    throw new TypeError(
      `${from} cannot be called "${name}" from ${model.label}: it has a field of that name. ${REMEDY}`,
    )
  }
  const other = relations.get(name)
  if (other) {
    const first = `${other.model.label}.${other.column.name}`
    throw new TypeError(`${first} and ${from} are both called "${name}" from ${model.label}. ${REMEDY}`)
  }
  relations.set(name, relation)
}

const REMEDY = 'Say another relatedName, or relatedName: false for none.'

function reverseOf({ model, column }: Referrer): Relation | null {
  if (!isForeignKey(column.kind) || column.kind.relatedName === false) return null
  const name = column.kind.relatedName ?? snakeCase(model.name)
  const isOne = model.unique.some((set) => set.length === 1 && set[0] === column.name)
  return { name, model, column, isOne, through: null }
}

/** `OrderLine` as `order_line`. */
export const snakeCase = (name: string): string => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase()
