import { decimal, type Field, foreignKey, oneToOne, text } from '../../fields/index.ts'
import {
  type AnyModel,
  type Declared,
  type ManyToMany,
  manyToMany,
  model,
  withThroughModels,
} from '../../models/index.ts'
import { type CheckPlan, conditionOf, type IndexPlan, indexOf, type UniquePlan, uniqueOf } from './random-keys.ts'
import { KINDS } from './random-kinds.ts'

export const APPS = ['lab', 'desk', 'yard'] as const

export const ON_DELETE = ['cascade', 'protect', 'set null'] as const

export interface FieldPlan {
  readonly kind: string
  readonly isOptional: boolean
  /** Tells it from others that have had its name, or will. */
  readonly born: number
  readonly renamedFrom?: string
  /** The model that a foreign key points to, and then there is no kind. */
  readonly target?: string
  /** Whether only one row may point to another. */
  readonly isOneToOne?: boolean
  readonly onDelete?: (typeof ON_DELETE)[number]
  /** The number that the database computes it from, and then there is no kind. */
  readonly base?: string
  readonly isStored?: boolean
}

/** A many-to-many field. */
export interface LinkPlan {
  readonly target: string
  /** The model of one's own between; without it the kit makes one. */
  readonly through?: string
  readonly renamedFrom?: string
}

export interface ModelPlan {
  readonly app: (typeof APPS)[number]
  readonly born: number
  readonly isScoped: boolean
  readonly isCounted: boolean
  readonly softDelete: boolean
  readonly isVersioned: boolean
  readonly isCompressed: boolean
  readonly comment?: string
  readonly renamedFrom?: string
  readonly table?: string
  /** The two models whose rows it ties together. */
  readonly between?: readonly [string, string]
  readonly fields: Readonly<Record<string, FieldPlan>>
  readonly links: Readonly<Record<string, LinkPlan>>
  readonly unique: readonly UniquePlan[]
  readonly indexes: readonly IndexPlan[]
  readonly checks: readonly CheckPlan[]
}

/** The models of a project at one time, by their names. */
export type ProjectPlan = Readonly<Record<string, ModelPlan>>

export const BLANK: Omit<ModelPlan, 'app' | 'born' | 'isScoped'> = {
  isCounted: false,
  softDelete: false,
  isVersioned: false,
  isCompressed: false,
  fields: {},
  links: {},
  unique: [],
  indexes: [],
  checks: [],
}

/**
 * The models that a plan stands for, and those between that the kit makes. Each that is declared has a `code` that tells
 * its rows apart.
 */
export function modelsOf(plan: ProjectPlan): AnyModel[] {
  const models = new Map<string, AnyModel>()
  for (const [name, made] of Object.entries(plan)) models.set(name, modelOf(name, made, { plan, models }))
  return withThroughModels([...models.values()])
}

interface Place {
  readonly plan: ProjectPlan
  /** Those that are made so far; complete when a many-to-many field asks. */
  readonly models: ReadonlyMap<string, AnyModel>
}

function modelOf(name: string, made: ModelPlan, place: Place): AnyModel {
  const common = {
    fields: declaredFields(name, made, place),
    version: made.isVersioned,
    ...(made.isCounted ? { id: 'bigint' as const } : {}),
    ...(made.renamedFrom === undefined ? {} : { renamedFrom: `${made.app}.${made.renamedFrom}` }),
    ...(made.table === undefined ? {} : { table: made.table }),
    ...(made.comment === undefined ? {} : { comment: made.comment }),
    ...(made.isCompressed ? { mysql: { rowFormat: 'compressed' as const } } : {}),
    // as: the names of a random plan are no literal types
    unique: made.unique.map((set) => uniqueOf(set)) as never,
    indexes: made.indexes.map((index) => indexOf(index)) as never,
    checks: Object.fromEntries(made.checks.map((check) => [check.name, conditionOf(check)])) as never,
  }
  const label = `${made.app}.${name}`
  return made.isScoped
    ? model(label, { ...common, scope: 'business', softDelete: made.softDelete })
    : model(label, { ...common, scope: 'global', reason: 'a test' })
}

function declaredFields(name: string, made: ModelPlan, place: Place): Declared {
  const [here, there] = made.between ?? []
  return {
    code: text({ max: 30 }),
    ...(here === undefined ? {} : { here: endKey(here, place) }),
    ...(there === undefined ? {} : { there: endKey(there, place) }),
    ...Object.fromEntries(Object.entries(made.fields).map(([field, spec]) => [field, fieldOf(spec, { name, place })])),
    ...Object.fromEntries(Object.entries(made.links).map(([link, spec]) => [link, linkOf(spec, { name, place })])),
  }
}

const endKey = (target: string, { plan }: Place): Field =>
  foreignKey(labelOf(target, plan), { onDelete: 'cascade', relatedName: false, id: idOf(target, plan) })

const labelOf = (name: string, plan: ProjectPlan): string => `${plan[name]?.app}.${name}`

const idOf = (name: string, plan: ProjectPlan) => (plan[name]?.isCounted ? 'bigint' : 'uuid')

interface Owner {
  readonly name: string
  readonly place: Place
}

function fieldOf(spec: FieldPlan, { name, place: { plan } }: Owner): Field {
  const { kind, isOptional, renamedFrom, target, base, isStored = true } = spec
  const options = renamedFrom === undefined ? {} : { renamedFrom }
  if (target !== undefined) {
    const common = {
      onDelete: spec.onDelete ?? 'cascade',
      relatedName: false,
      id: idOf(target, plan),
      ...options,
    } as const
    const to = target === name ? 'self' : labelOf(target, plan)
    return (spec.isOneToOne ? oneToOne(to, common) : foreignKey(to, common)).optional()
  }
  if (base !== undefined) {
    return decimal({ digits: 15, places: 0, ...options }).generated(`{${base}} + 1`, { stored: isStored })
  }
  const { make, fallback } = KINDS[kind] ?? { make: text, fallback: '' }
  const made = make(options)
  return isOptional ? made.optional() : made.default(fallback as never) // as: each kind stands beside its own fallback
}

function linkOf({ target, through, renamedFrom }: LinkPlan, { name, place: { models } }: Owner): ManyToMany {
  const found = (wanted: string) => (): AnyModel => {
    const there = models.get(wanted)
    if (!there) throw new Error(`The plan has no model ${wanted}`)
    return there
  }
  const options = {
    relatedName: false,
    ...(renamedFrom === undefined ? {} : { renamedFrom }),
    ...(through === undefined ? {} : { through: found(through), throughFields: ['here', 'there'] as const }),
  } as const
  return target === name ? manyToMany('self', options) : manyToMany(found(target), options)
}
