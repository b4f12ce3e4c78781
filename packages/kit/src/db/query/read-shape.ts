import { type ReaderMember, type RowObject, readRow } from '../codec/index.ts'
import type { RawValue } from '../dialects/index.ts'
import { aggregateValue, partsOf } from './aggregate-value.ts'
import { kindOfPath } from './looked-path.ts'
import type { QueryScope } from './query-scope.ts'
import { rowMembers } from './row-members.ts'
import { keyOfShape, type ShapeSpec, valuesOfShape } from './shape-spec.ts'
import { shapeCountStatement, shapeStatement } from './shape-statement.ts'

/** Reads what a shape gives. */
export async function readShape(ctx: QueryScope, spec: ShapeSpec): Promise<RowObject[]> {
  return shapedRows(ctx, spec, await selectShape(ctx, spec))
}

/** What a chunk gives, and the values of `spec.keys` in its last row. */
export interface ShapeChunk {
  readonly rows: RowObject[]
  readonly lastKeys: readonly RawValue[]
}

/** Reads a chunk of what a shape gives. */
export async function readShapeChunk(ctx: QueryScope, spec: ShapeSpec): Promise<ShapeChunk> {
  const raw = await selectShape(ctx, spec)
  const width = spec.keys?.length ?? 0
  return { rows: shapedRows(ctx, spec, raw), lastKeys: raw.at(-1)?.slice(-width) ?? [] }
}

async function selectShape(ctx: QueryScope, spec: ShapeSpec): Promise<RawValue[][]> {
  const { store, executor, reach, business } = ctx
  const plan = store.plan(keyOfShape(spec), reach, () => shapeStatement(store, spec))
  return (await executor.execute(plan.statement, plan.bind(valuesOfShape(spec, business)))).rows
}

function shapedRows(ctx: QueryScope, spec: ShapeSpec, raw: readonly RawValue[][]): RowObject[] {
  const members = membersOf(ctx, spec)
  return raw.map((row) => shapedRow(ctx, { spec, members, row }))
}

/** Counts what a shape gives. */
export async function countShape(ctx: QueryScope, spec: ShapeSpec): Promise<number> {
  const { store, executor, reach, business } = ctx
  const whole: ShapeSpec = { ...spec, base: { ...spec.base, window: null, lock: undefined }, order: [] }
  const plan = store.plan(`count ${keyOfShape(whole)}`, reach, () => shapeCountStatement(store, whole))
  const { rows } = await executor.execute(plan.statement, plan.bind(valuesOfShape(whole, business)))
  return Number(rows[0]?.[0])
}

function membersOf({ store }: QueryScope, { base, fields }: ShapeSpec): ReaderMember[] {
  const start = widthOf(base)
  const values = fields.map(({ name, path }, at) => ({ key: name, index: start + at, kind: kindOfPath(path) }))
  return [...rowMembers(store.registry, base), ...values]
}

const widthOf = ({ columns, expansions }: ShapeSpec['base']): number =>
  columns.length + expansions.reduce((width, expansion) => width + expansion.columns.length, 0)

interface ShapedParts {
  readonly spec: ShapeSpec
  readonly members: readonly ReaderMember[]
  readonly row: readonly RawValue[]
}

function shapedRow({ store }: QueryScope, { spec, members, row }: ShapedParts): RowObject {
  const { dialect } = store.database
  const read = readRow(row, members, dialect)
  let at = widthOf(spec.base) + spec.fields.length
  for (const { name, aggregate } of spec.aggregates) {
    const width = partsOf(aggregate).length
    read[name] = aggregateValue(aggregate, row.slice(at, at + width), dialect)
    at += width
  }
  return read
}
