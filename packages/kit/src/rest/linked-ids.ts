import {
  type AnyModel,
  type Context,
  type DriverValue,
  pairRelation,
  type RawValue,
  setPairs,
  tiedIds,
} from '../db/index.ts'
import { expandedTexts, withMembers } from './expanded-lists.ts'
import type { ModelOutput } from './model-output.ts'
import type { InputValues } from './parse-input.ts'
import type { HookCall } from './viewset.ts'

export interface OutputRows {
  readonly rows: readonly RawValue[][]
  /** Whether the rows begin with a count. */
  readonly hasCount: boolean
}

/**
 * The JSON of rows, with the ids that their many-to-many fields show and the rows of relations that are expanded: one
 * statement more for each, whatever the page.
 */
export function jsonOfRows(
  call: HookCall,
  model: AnyModel,
  output: ModelOutput,
  { rows, hasCount }: OutputRows,
): string | Promise<string> {
  if (output.presentedJson) return output.presentedJson(call, rows, hasCount)
  if (output.links.length === 0 && output.lists.length === 0) return output.json(rows, hasCount)
  return jsonWithLinks(call.ctx, model, output, { rows, hasCount })
}

async function jsonWithLinks(
  ctx: Context,
  model: AnyModel,
  output: ModelOutput,
  { rows, hasCount }: OutputRows,
): Promise<string> {
  const at = output.columns.indexOf('id') + (hasCount ? 1 : 0)
  const ids = rows.map((row): DriverValue => row[at] ?? null)
  const whole = rows.map((row) => [...row])
  for (const name of output.links) {
    const tied = await tiedIds(ctx, pairRelation(ctx, model, name), ids)
    for (const row of whole) row.push(JSON.stringify((tied.get(String(row[at])) ?? []).map(String)))
  }
  return output.lists.length === 0 ? output.json(whole, hasCount) : jsonWithLists(ctx, output, { whole, hasCount, ids })
}

interface ListedRows {
  readonly whole: readonly RawValue[][]
  readonly hasCount: boolean
  readonly ids: readonly DriverValue[]
}

async function jsonWithLists(ctx: Context, output: ModelOutput, { whole, hasCount, ids }: ListedRows): Promise<string> {
  const lists: { readonly key: string; readonly textOf: (id: DriverValue) => string }[] = []
  for (const list of output.lists) {
    lists.push({ key: JSON.stringify(list.relation.name), textOf: await expandedTexts(ctx, list, ids) })
  }
  const objects: string[] = []
  for (const [at, row] of whole.entries()) {
    const id = ids[at] ?? null
    const members = lists.map(({ key, textOf }) => `${key}:${textOf(id)}`)
    objects.push(withMembers(await output.json([row], hasCount), members))
  }
  return objects.join()
}

/** The values of a body, those of columns and those of many-to-many fields. */
export interface PartedValues {
  readonly own: InputValues
  readonly links: ReadonlyMap<string, readonly unknown[]>
}

export function partedValues(model: AnyModel, values: InputValues): PartedValues {
  const names = Object.keys(model.links)
  if (names.every((name) => values[name] === undefined)) return { own: values, links: new Map() }
  const given = names.filter((name) => values[name] !== undefined)
  const links = new Map(given.map((name) => [name, values[name] as readonly unknown[]])) // as: the member's kind took it
  const own = Object.fromEntries(Object.entries(values).filter(([name]) => !links.has(name)))
  return { own, links }
}

/** Ties a row to just the rows that a body names. @throws {ApiError} `validation_failed` if one is not there */
export async function writeLinks(
  ctx: Context,
  model: AnyModel,
  { id, links }: { readonly id: DriverValue; readonly links: PartedValues['links'] },
): Promise<void> {
  for (const [name, ids] of links) await setPairs(ctx, pairRelation(ctx, model, name), { id, ids })
}
