import type { DriverValue, RawValue } from '../dialects/index.ts'
import type { AnyModel, Pointing } from '../models/index.ts'
import type { Condition } from './condition.ts'
import { resolvePath } from './field-path.ts'
import { orderTerms } from './order-terms.ts'
import type { QueryScope } from './query-scope.ts'
import { chunksOf, oneOf, plainSpec, selectRows } from './select-rows.ts'
import type { DeletedRows, SelectSpec } from './select-spec.ts'

/** Ids in the database's form, by their text: drivers give one id as text here and as a number there. */
export type Ids = Map<string, DriverValue>

/** What one deletion does to the rows of all models. Nothing is written while it is worked out. */
export interface DeletePlan {
  /** Rows that go to the bin. */
  readonly binned: ReadonlyMap<AnyModel, Ids>
  /** Rows that go for good. */
  readonly erased: ReadonlyMap<AnyModel, Ids>
  /** Keys that are emptied or set to their default. */
  readonly cleared: readonly Clearing[]
  /** What stands in the way. */
  readonly obstacles: readonly Obstacle[]
}

export interface Clearing extends Step {
  readonly pointing: Pointing
}

/** Rows that point to what would be deleted and forbid it. */
export interface Obstacle {
  readonly target: AnyModel
  readonly pointing: Pointing
  readonly count: number
  /** Some of their ids, in the database's form. */
  readonly ids: readonly DriverValue[]
}

/** Rows of one model that go the same way. */
interface Step {
  readonly target: AnyModel
  readonly ids: readonly DriverValue[]
  /** Whether they go for good: then even rows in the bin must not point to them. */
  readonly isHard: boolean
}

/** Ids that an obstacle names at the most. */
export const NAMED_ROWS = 10

/**
 * Works out what a deletion takes along, level by level, in as many statements as there are keys that point and chunks
 * of ids. The rows that go are locked, so that no row that points to them can be made meanwhile.
 */
export async function planDeletion(ctx: QueryScope, root: Step): Promise<DeletePlan> {
  const collector = new Collector(ctx)
  const steps: Step[] = collector.take(root)
  for (let step = steps.shift(); step; step = steps.shift()) {
    for (const pointing of ctx.store.registry.pointing(step.target)) {
      steps.push(...(await collector.settle(pointing, step)))
    }
  }
  return collector.plan()
}

class Collector {
  readonly #ctx: QueryScope
  readonly #binned = new Map<AnyModel, Ids>()
  readonly #erased = new Map<AnyModel, Ids>()
  readonly #cleared: Clearing[] = []
  readonly #protected: Obstacle[] = []
  readonly #restricted: Obstacle[] = []

  constructor(ctx: QueryScope) {
    this.#ctx = ctx
  }

  /** Notes rows that go, and gives those of them that were not known to go that way. */
  take({ target, ids, isHard }: Step): Step[] {
    const [binned, erased] = [idsIn(this.#binned, target), idsIn(this.#erased, target)]
    const fresh = ids.filter((id) => !erased.has(String(id)) && (isHard || !binned.has(String(id))))
    for (const id of fresh) {
      if (isHard) binned.delete(String(id))
      const going = isHard ? erased : binned
      going.set(String(id), id)
    }
    return fresh.length === 0 ? [] : [{ target, ids: fresh, isHard }]
  }

  /** Does what a key says to the rows that point by it, and gives those that go along. */
  async settle(pointing: Pointing, step: Step): Promise<Step[]> {
    switch (pointing.onDelete) {
      case 'do nothing':
        return []
      case 'set null':
      case 'set default':
        this.#cleared.push({ ...step, pointing })
        return []
      case 'protect':
        this.#protected.push(...(await protecting(this.#ctx, pointing, step)))
        return []
      case 'restrict':
        this.#restricted.push(...(await restricting(this.#ctx, pointing, step)))
        return []
      case 'cascade':
        return this.#cascade(pointing, step)
    }
  }

  async #cascade(pointing: Pointing, step: Step): Promise<Step[]> {
    const { model } = pointing
    // A pair of a many-to-many field counts only while both of its rows are alive: the bin is nothing to it.
    if (model.isAutomatic && !step.isHard) return []
    const ids = await pointingIds(this.#ctx, pointing, step)
    return this.take({ target: model, ids, isHard: step.isHard || !model.hasSoftDelete })
  }

  plan(): DeletePlan {
    return {
      binned: withRows(this.#binned),
      erased: withRows(this.#erased),
      cleared: this.#cleared,
      obstacles: [...this.#protected, ...this.#restricted.flatMap((obstacle) => this.#remaining(obstacle))],
    }
  }

  /** What restricts stands in the way only if it does not go itself. */
  #remaining(obstacle: Obstacle): Obstacle[] {
    const { model } = obstacle.pointing
    const goes = (id: DriverValue): boolean =>
      [this.#binned, this.#erased].some((going) => going.get(model)?.has(String(id)) === true)
    const ids = obstacle.ids.filter((id) => !goes(id))
    return ids.length === 0 ? [] : [{ ...obstacle, count: ids.length, ids: ids.slice(0, NAMED_ROWS) }]
  }
}

const withRows = (going: ReadonlyMap<AnyModel, Ids>): ReadonlyMap<AnyModel, Ids> =>
  new Map([...going].filter(([, ids]) => ids.size > 0))

function idsIn(going: Map<AnyModel, Ids>, model: AnyModel): Ids {
  const known = going.get(model)
  if (known) return known
  const made: Ids = new Map()
  going.set(model, made)
  return made
}

/** Rows in the bin point as well, but only what goes for good is anything to them. */
export const pointingRows = (isHard: boolean): DeletedRows => (isHard ? 'with' : 'without')

/** The conditions that a row points to one of `ids`. */
export function pointsTo(
  ctx: QueryScope,
  { model, column, typeColumn }: Pointing,
  { target, ids }: { readonly target: AnyModel; readonly ids: readonly DriverValue[] },
): Condition[] {
  const conditions = [oneOf(ctx, model, { key: column.name, values: ids })]
  if (!typeColumn) return conditions
  const path = resolvePath(ctx.store.registry, model, typeColumn.name)
  return [...conditions, { path, operator: 'exact', values: [target.label], foldsUnicode: false }]
}

async function pointingIds(ctx: QueryScope, pointing: Pointing, step: Step): Promise<DriverValue[]> {
  const rows = await selectPointing(ctx, pointing, { step, change: { lock: 'wait' } })
  return rows.map((row) => row[0] ?? null)
}

async function restricting(ctx: QueryScope, pointing: Pointing, step: Step): Promise<Obstacle[]> {
  const ids = await pointingIds(ctx, pointing, step)
  return ids.length === 0 ? [] : [{ target: step.target, pointing, count: ids.length, ids }]
}

/** However many rows protect, only some are read, and the rest counted. */
async function protecting(ctx: QueryScope, pointing: Pointing, step: Step): Promise<Obstacle[]> {
  const change = { window: { limit: NAMED_ROWS, offset: 0 }, hasCount: true }
  const obstacles: Obstacle[] = []
  for (const ids of chunksOf(step.ids)) {
    const rows = await selectPointing(ctx, pointing, { step: { ...step, ids }, change })
    const count = Number(rows[0]?.[0] ?? 0)
    const named = rows.map((row) => row[1] ?? null)
    if (count > 0) obstacles.push({ target: step.target, pointing, count, ids: named })
  }
  return obstacles
}

async function selectPointing(
  ctx: QueryScope,
  pointing: Pointing,
  { step, change }: { readonly step: Step; readonly change: Partial<SelectSpec> },
): Promise<RawValue[][]> {
  const found: RawValue[][] = []
  // In one order for all: what is named is the same every time, and two who lock the same rows do not wait for each other.
  const order = orderTerms(ctx.store.registry, pointing.model, ['id'])
  for (const ids of chunksOf(step.ids)) {
    const conditions = pointsTo(ctx, pointing, { target: step.target, ids })
    const spec = {
      ...plainSpec(pointing.model),
      columns: ['id'],
      conditions,
      order,
      deleted: pointingRows(step.isHard),
    }
    for (const row of await selectRows(ctx, { ...spec, ...change })) found.push(row)
  }
  return found
}
