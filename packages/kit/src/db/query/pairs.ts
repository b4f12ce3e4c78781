import type { DriverValue } from '../dialects/index.ts'
import type { AnyModel, Column, Relation } from '../models/index.ts'
import type { Condition } from './condition.ts'
import { resolvePath } from './field-path.ts'
import type { QueryScope } from './query-scope.ts'
import { chunksOf, oneOf, plainSpec, selectRows } from './select-rows.ts'

/** A many-to-many relation as it is seen from one of its sides. */
export interface PairRelation {
  /** What it is called from that side: `tags`. */
  readonly name: string
  readonly model: AnyModel
  readonly target: AnyModel
  readonly through: AnyModel
  /** The key of `through` that points to `model`, and the one that leads on to `target`. */
  readonly here: Column
  readonly onward: Column
  /** Whether each pair has another the other way round, in a row of its own. */
  readonly isSymmetrical: boolean
}

/**
 * The many-to-many relation of that name: a field of the model, or the way back along a field of another.
 *
 * @throws {TypeError} if there is none
 */
export function pairRelation({ store }: Pick<QueryScope, 'store'>, model: AnyModel, name: string): PairRelation {
  const relation = store.registry.relation(model, name)
  if (relation?.through) return pairOf(model, relation, relation.through)
  const names = store.registry.relations(model).filter(({ through }) => through)
  const known = names.map((other) => other.name).join(', ') || 'none'
  throw new TypeError(`${model.label} has no many-to-many relation "${name}". It has: ${known}`)
}

function pairOf(model: AnyModel, relation: Relation, through: NonNullable<Relation['through']>): PairRelation {
  const { name, model: target, column: here } = relation
  const { onward, isSymmetrical } = through
  return { name, model, target, through: through.model, here, onward, isSymmetrical }
}

/**
 * The ids that rows are tied to, in order, by the id of the row: one statement for some hundred rows. A pair whose other
 * row is in the bin does not count.
 */
export async function tiedIds(
  ctx: QueryScope,
  relation: PairRelation,
  ids: readonly DriverValue[],
): Promise<Map<string, DriverValue[]>> {
  const { through, here, onward } = relation
  const columns = [here.name, onward.name]
  const path = resolvePath(ctx.store.registry, through, onward.name)
  const order = [{ path, descending: false }]
  const tied = new Map<string, DriverValue[]>()
  for (const values of chunksOf(ids)) {
    const conditions = [oneOf(ctx, through, { key: here.name, values }), ...leadingToAlive(ctx, relation)]
    for (const [from, to = null] of await selectRows(ctx, { ...plainSpec(through), columns, conditions, order })) {
      const list = tied.get(String(from)) ?? []
      list.push(to)
      tied.set(String(from), list)
    }
  }
  return tied
}

function leadingToAlive({ store }: QueryScope, { through, target, onward }: PairRelation): Condition[] {
  if (!target.hasSoftDelete) return []
  const path = resolvePath(store.registry, through, `${onward.name}__deleted_at`)
  return [{ path, operator: 'isnull', values: [], foldsUnicode: false }]
}
