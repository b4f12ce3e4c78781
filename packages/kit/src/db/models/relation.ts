import { isForeignKey } from '../fields/index.ts'
import type { Column } from './column.ts'
import { fieldNameFlaw } from './field-name.ts'
import type { AnyModel } from './model.ts'
import { snakeCase } from './snake-case.ts'
import type { Link } from './through-model.ts'

/** A foreign key that points to a model, seen from there. */
export interface Referrer {
  readonly model: AnyModel
  readonly column: Column
}

/**
 * A way from a model to rows of another that has a name but no column: to the rows that point to it (`clients` of a
 * user, `comments` of whatever they are about), or over the pairs of a many-to-many field (`tags` of a client, `clients` of a tag).
 */
export interface Relation {
  readonly name: string
  /** The model whose rows it leads to. */
  readonly model: AnyModel
  /** The key that points here: a column of `model` or, where there is one, of `through.model`. */
  readonly column: Column
  /** Of a generic reference: the column that names the model pointed to, and the name that it must hold. */
  readonly type: { readonly column: Column; readonly label: string } | null
  /** Whether there is one such row at the most. */
  readonly isOne: boolean
  /**
   * The pairs of a many-to-many field, and their foreign key that leads on to `model`. A pair counts only while the row
   * that it leads on to is not deleted.
   */
  readonly through: Between | null
}

interface Between {
  readonly model: AnyModel
  readonly onward: Column
  /** Whether each pair has another the other way round. */
  readonly isSymmetrical: boolean
}

interface RelationSources {
  /** The foreign keys that point to the model. */
  readonly referrers: readonly Referrer[]
  readonly links: readonly Link[]
  /** The ways back along generic references. */
  readonly generic: readonly Relation[]
}

/**
 * The relations that lead away from a model, by name.
 *
 * @throws {TypeError} if a name is taken, or is none
 */
export function relationsOf(
  model: AnyModel,
  { referrers, links, generic }: RelationSources,
): ReadonlyMap<string, Relation> {
  const relations = new Map<string, Relation>()
  const own = links.filter((link) => link.model === model).map(forwardOf)
  const back = [...referrers.map(reverseOf), ...links.filter((link) => link.target === model).map(backwardOf)]
  for (const relation of [...own, ...back, ...generic]) if (relation) add(model, relations, relation)
  return relations
}

function add(model: AnyModel, relations: Map<string, Relation>, relation: Relation): void {
  const { name } = relation
  const from = originOf(relation)
  const flaw = fieldNameFlaw(name)
  if (flaw) throw new TypeError(`${from} cannot be called "${name}" from ${model.label}: ${flaw}. ${REMEDY}`)
  if (model.columns.has(name)) {
    throw new TypeError(
      `${from} cannot be called "${name}" from ${model.label}: it has a field of that name. ${REMEDY}`,
    )
  }
  const other = relations.get(name)
  if (other) {
    throw new TypeError(`${originOf(other)} and ${from} are both called "${name}" from ${model.label}. ${REMEDY}`)
  }
  relations.set(name, relation)
}

const originOf = ({ model, column, through }: Relation): string => `${(through?.model ?? model).label}.${column.name}`

const REMEDY = 'Say another relatedName, or relatedName: false for none.'

function reverseOf({ model, column }: Referrer): Relation | null {
  if (!isForeignKey(column.kind) || column.kind.relatedName === false) return null
  const name = column.kind.relatedName ?? snakeCase(model.name)
  const isOne = model.unique.some(
    ({ where, fields }) => where === null && fields.length === 1 && fields[0] === column.name,
  )
  return { name, model, column, type: null, isOne, through: null }
}

function forwardOf({ name, target, through, source, onward, isSymmetrical }: Link): Relation {
  return {
    name,
    model: target,
    column: source,
    type: null,
    isOne: false,
    through: { model: through, onward, isSymmetrical },
  }
}

function backwardOf({ model, through, source, onward, options, isSymmetrical }: Link): Relation | null {
  if (isSymmetrical || options.relatedName === false) return null
  const name = options.relatedName ?? snakeCase(model.name)
  return {
    name,
    model,
    column: onward,
    type: null,
    isOne: false,
    through: { model: through, onward: source, isSymmetrical },
  }
}
