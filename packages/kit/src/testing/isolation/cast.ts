import { ROLES } from '../../auth/index.ts'
import { newId } from '../../base/index.ts'
import { type AnyModel, type Column, foreignKeys, isForeignKey, type Registry } from '../../db/index.ts'
import { MARKS } from './marked-values.ts'
import { inOrderOfNeed, linksOf } from './model-order.ts'
import { genericValues } from './pointing-fields.ts'
import { SampleError } from './sample-error.ts'
import type { Samples } from './samples.ts'

/** Whose something is: the attacker's business, the victim's, or the third that shares a user with the attacker. */
export type Side = 'a' | 'b' | 'c'
export const SIDES = ['a', 'b', 'c'] as const satisfies readonly Side[]

/** How worlds differ: the victim has its rows, or none at all, or others and more of them. */
export type Variant = 'full' | 'bare' | 'other'

/** A user of a business, by the name that attacks know them by. */
export interface CastUser {
  /** `b/admin` */
  readonly key: string
  readonly side: Side
  readonly role: (typeof ROLES)[number]
}

/** A value of a row: one that its field takes, or what stands for the id of a user. */
export type CastValue = unknown

/** A row that a world begins with. Its id and values are the same in every world, so that their answers can be compared. */
export interface CastRow {
  /** `b/clients.Client/3` */
  readonly key: string
  readonly side: Side
  readonly model: AnyModel
  readonly id: string
  readonly values: Readonly<Record<string, CastValue>>
  /** Whether it goes to the bin once it is made. */
  readonly isBinned: boolean
}

/** What the worlds are made of. */
export interface Cast {
  /** What makes values, for the rows and for what attacks write. */
  readonly samples: Samples
  readonly madeAtMs: number
  /** The models of businesses of which there are rows, those that are pointed to first. */
  readonly models: readonly AnyModel[]
  readonly users: readonly CastUser[]
  readonly rows: readonly CastRow[]
  /** Rows that belong to no business. */
  readonly globals: readonly CastRow[]
  /** In the place of the victim's rows: other values, and more of them. */
  readonly otherRows: readonly CastRow[]
}

const COUNTS: Readonly<Record<Side, number>> = { a: 5, b: 6, c: 3 }
const OTHER_COUNT = 11
const BINNED = 2

/** Whom admins of the attacker's business may do anything to; the second is removed. */
export const SPARE = 'a/spare'
export const PARTING = 'a/parting'

export const USERS: readonly CastUser[] = [
  ...ROLES.map((role) => ({ key: `a/${role}`, side: 'a', role }) as const),
  // Nobody signs in as them: attacks may change and remove them, and no attacker loses a token by it.
  { key: SPARE, side: 'a', role: 'agent' },
  { key: PARTING, side: 'a', role: 'agent' },
  // Has left: a token of theirs and a row that names them are still about.
  { key: 'a/left', side: 'a', role: 'agent' },
  { key: 'b/admin', side: 'b', role: 'admin' },
  { key: 'b/agent', side: 'b', role: 'agent' },
  { key: 'c/admin', side: 'c', role: 'admin' },
]

/** Makes up rows for every model whose rows belong to businesses. @throws {SampleError} for a model that no row can be made of */
export function makeCast(registry: Registry, samples: Samples): Cast {
  const links = linksOf(registry)
  const models = inOrderOfNeed(
    registry,
    registry.models.filter((model) => model.scope === 'business' && !links.has(model)),
  )
  const maker = new RowMaker(registry, { models, samples })
  const own = maker.rows('a', COUNTS.a)
  const victim = maker.rows('b', COUNTS.b, sharedIds(own))
  const rows = [...own, ...victim, ...maker.rows('c', COUNTS.c)]
  const ids = new Map(victim.map(({ key, id }) => [key, id]))
  return {
    samples,
    madeAtMs: Date.now(),
    models,
    users: USERS,
    rows,
    globals: maker.globals,
    otherRows: maker.rows('b', OTHER_COUNT, ids),
  }
}

/**
 * Two businesses may have rows of one id, and so some of the victim's have an id of the attacker's: whatever goes by an
 * id alone then meets both. A living row meets a living one and, where there is a bin, one that is in it. Ids that a
 * database counts are one of a kind in it.
 */
function sharedIds(own: readonly CastRow[]): ReadonlyMap<string, string> {
  const shared = own.flatMap((row) => {
    const pairs = row.model.hasSoftDelete ? SHARED : SHARED_WITHOUT_BIN
    const at = row.model.idKind === 'uuid' ? pairs[Number(row.key.split('/').at(-1))] : undefined
    return at === undefined ? [] : [[`b/${row.model.label}/${at}`, row.id] as const]
  })
  return new Map(shared)
}

/** By the number of the attacker's row: the number of the victim's. */
type Pairs = Readonly<Record<number, number>>
const SHARED: Pairs = { 1: 1, 2: 2, 3: 0 }
const SHARED_WITHOUT_BIN: Pairs = { 0: 0, 1: 1, 2: 2 }

/** What stands for the id of a user or a business until a world says which it is. */
export const placeholder = (key: string): string => `«${key}»`

class RowMaker {
  readonly #registry: Registry
  readonly #models: readonly AnyModel[]
  readonly #samples: Samples
  /** Rows that belong to nobody, for those that must point to one. */
  readonly globals: readonly CastRow[]
  #count = 0

  constructor(registry: Registry, { models, samples }: Pick<Cast, 'models' | 'samples'>) {
    this.#registry = registry
    this.#samples = samples
    this.#models = models
    this.globals = sharedTargets(registry, models).map((model): CastRow => {
      const id = this.#id(model, 'a')
      const values = this.#values(model, { side: 'a', at: 0, made: [] })
      return { key: `global/${model.label}`, side: 'a', model, id, values, isBinned: false }
    })
  }

  rows(side: Side, count: number, ids?: ReadonlyMap<string, string>): CastRow[] {
    const made: CastRow[] = []
    for (const model of this.#models) {
      for (let at = 0; at < count; at++) {
        const key = `${side}/${model.label}/${at}`
        const id = ids?.get(key) ?? this.#id(model, side)
        const values = this.#values(model, { side, at, made })
        if (isTaken(model, values, made)) break
        made.push({ key, side, model, id, values, isBinned: model.hasSoftDelete && at < BINNED })
      }
    }
    return made
  }

  /** Numbers are large, so that none is taken for another value. */
  #id({ idKind }: AnyModel, side: Side): string {
    return idKind === 'uuid' ? newId() : String(MARKS[side].thousands * 1_000_000_000 + ++this.#count)
  }

  #values(model: AnyModel, place: RowPlace): Readonly<Record<string, CastValue>> {
    const declared = [...model.columns.values()].filter(
      ({ origin, settings }) => origin === 'declared' && !settings.generated,
    )
    const making = () => ({ mark: MARKS[place.side], number: ++this.#count })
    const values = declared.map((column) => [
      column.name,
      isForeignKey(column.kind) ? this.#target(model, column, place) : this.#samples.value(model, column, making()),
    ])
    const pointing = genericValues(model, place.made, place.at)
    return this.#samples.fitted(model, { ...Object.fromEntries(values), ...pointing })
  }

  /** The id of a row to point to, as it is written in attacks. */
  #target(model: AnyModel, column: Column, { side, at, made }: RowPlace): CastValue {
    const target = this.#registry.target(column)
    if (isUser(target)) {
      const users = USERS.filter((user) => user.side === side)
      // The first row that is not in the bin points to the last user: of the attacker's, the one who has left.
      return placeholder(users.at(-1 - ((at + users.length - BINNED) % users.length))?.key ?? '')
    }
    if (isBusiness(target)) return placeholder(`business/${side}`)
    const rows = target.scope === 'global' ? this.globals : made
    const alive = rows.filter((row) => row.model === target && !row.isBinned)
    // Of those that only one row may point to, one is left for the attacks.
    const row = alive[at % Math.max(1, column.settings.unique ? alive.length - 1 : alive.length)]
    if (row) return row.id
    if (column.settings.nullable) return null
    throw new SampleError(
      `Cannot make up ${model.label}.${column.name}: it must point to a ${target.label}, and there is none before it`,
    )
  }
}

/** Whether another row has what must be unique: there are no more rows to point to. One is left for the attacks. */
function isTaken(model: AnyModel, values: CastRow['values'], made: readonly CastRow[]): boolean {
  const others = made.filter((row) => row.model === model && !row.isBinned)
  const isSame = (one: CastRow['values'], { fields }: AnyModel['unique'][number]): boolean =>
    fields.every((name) => one[name] !== null && one[name] === values[name])
  return model.unique.some((set) => others.some((row) => isSame(row.values, set)))
}

interface RowPlace {
  readonly side: Side
  readonly at: number
  readonly made: readonly CastRow[]
}

/** Whether rows of a model are people, who belong to businesses through their memberships. */
export function isUser({ sharedThrough }: AnyModel): boolean {
  return sharedThrough !== null && sharedThrough().field !== 'business_id'
}

/** Whether rows of a model are the businesses themselves. */
export function isBusiness({ sharedThrough }: AnyModel): boolean {
  return sharedThrough?.().field === 'business_id'
}

/** The models of nobody in particular that rows of businesses must point to. */
function sharedTargets(registry: Registry, models: readonly AnyModel[]): AnyModel[] {
  const keys = models.flatMap(foreignKeys).filter(({ settings }) => !settings.nullable)
  const targets = keys.map((key) => registry.target(key))
  return [...new Set(targets)].filter((target) => target.scope === 'global' && target.sharedThrough === null)
}
