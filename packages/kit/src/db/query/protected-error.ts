import { ApiError } from '../../base/index.ts'
import type { DriverValue, RawValue } from '../dialects/index.ts'
import { type AnyModel, columnNamed } from '../models/index.ts'
import { NAMED_ROWS, type Obstacle } from './delete-plan.ts'
import type { QueryScope } from './query-scope.ts'
import { selectByKey } from './select-rows.ts'

/** The rows of one model that stand in the way of a deletion, as the answer tells of them in `meta.protected_by`. */
export type Protector = {
  readonly model: string
  /** The field by which they point. */
  readonly field: string
  readonly count: number
  /** Some of them; `display` is null where the field that stands for a row is not to be shown. */
  readonly rows: readonly { readonly id: string; readonly display: string | null }[]
}

/** The refusal of a deletion that says what points at the rows. Only rows that the context can see are among them. */
export async function protectedError(
  ctx: QueryScope,
  model: AnyModel,
  obstacles: readonly Obstacle[],
): Promise<ApiError> {
  const joined = joinedObstacles(obstacles)
  const isDirect = joined.every(({ target }) => target === model)
  const count = joined.reduce((sum, obstacle) => sum + obstacle.count, 0)
  const words = joined.map(({ pointing, count: some }) => countedName(pointing.model, some))
  const verb = count === 1 ? 'points' : 'point'
  const end = isDirect ? 'to it' : 'to it or to what would go with it'
  const message = `Cannot delete this ${model.verboseName}: ${listed(words)} ${verb} ${end}.`
  const protectors: Protector[] = []
  for (const obstacle of joined) protectors.push(await protectorOf(ctx, obstacle))
  return new ApiError('protected', {
    message,
    errors: { non_field_errors: [message] },
    meta: { protected_by: protectors },
  })
}

/** One for each key: the ids of what goes come in chunks. */
function joinedObstacles(obstacles: readonly Obstacle[]): Obstacle[] {
  const byKey = new Map<string, Obstacle>()
  for (const obstacle of obstacles) {
    const { target, pointing } = obstacle
    const key = `${pointing.model.label}.${pointing.column.name} ${target.label}`
    const other = byKey.get(key)
    const ids = [...(other?.ids ?? []), ...obstacle.ids].slice(0, NAMED_ROWS)
    byKey.set(key, { ...obstacle, count: obstacle.count + (other?.count ?? 0), ids })
  }
  return [...byKey.values()]
}

const countedName = (model: AnyModel, count: number): string =>
  `${count} ${count === 1 ? model.verboseName : model.verboseNamePlural}`

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}

async function protectorOf(ctx: QueryScope, { pointing, count, ids }: Obstacle): Promise<Protector> {
  const { model, column } = pointing
  const rows = await namedRows(ctx, model, ids)
  return { model: model.label, field: column.name, count, rows }
}

async function namedRows(ctx: QueryScope, model: AnyModel, ids: readonly DriverValue[]): Promise<Protector['rows']> {
  const display = columnNamed(model, model.display)
  const isShown = !display.settings.sensitive && !display.settings.writeOnly
  const columns = ['id', ...(isShown ? [display.name] : [])]
  const rows = await selectByKey(ctx, model, { key: 'id', values: ids, columns, deleted: 'with' })
  const text = (raw: RawValue | undefined): string | null =>
    raw === null || raw === undefined ? null : String(display.kind.decode(raw, ctx.store.database.dialect))
  const place = new Map(ids.map((id, at) => [String(id), at]))
  const ordered = rows.toSorted(([one], [other]) => (place.get(String(one)) ?? 0) - (place.get(String(other)) ?? 0))
  return ordered.map((row) => ({ id: String(row[0]), display: isShown ? text(row[1]) : null }))
}
