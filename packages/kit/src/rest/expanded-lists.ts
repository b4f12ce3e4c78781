import { type Context, chunksOf, type DriverValue, type RawValue, relatedSpec, selectRows } from '../db/index.ts'
import { MAX_EXPANDED } from './expandable.ts'
import type { ExpandedList } from './model-output.ts'

/** The JSON of what a relation leads to from each of some rows, by their ids: one statement for some hundred rows. */
export async function expandedTexts(
  ctx: Context,
  { relation, output }: ExpandedList,
  ids: readonly DriverValue[],
): Promise<(id: DriverValue) => string> {
  const { columns, expansions } = output
  const texts = new Map<string, string>()
  for (const some of chunksOf(ids)) {
    const plain = relatedSpec(ctx.store.registry, { relation, ids: some, perOwner: MAX_EXPANDED })
    const rows = await selectRows(ctx, { ...plain, columns, expansions })
    for (const [owner, own] of Map.groupBy(rows, ownerOf)) texts.set(owner, await output.json(own, false))
  }
  if (relation.isOne) return (id) => texts.get(String(id)) ?? 'null'
  return (id) => `[${texts.get(String(id)) ?? ''}]`
}

const ownerOf = (row: readonly RawValue[]): string => String(row.at(-1))

/** The text of an object with further members behind its own. */
export function withMembers(object: string, members: readonly string[]): string {
  return `${object.slice(0, -1)}${object === '{}' ? '' : ','}${members.join()}}`
}
