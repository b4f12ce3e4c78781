import type { DialectName, RawValue } from '../../dialects/index.ts'
import { Problem } from '../../fields/index.ts'
import {
  type AnyModel,
  type Column,
  columnNamed,
  conditionKey,
  type UniqueSet,
  uniqueKeyName,
} from '../../models/index.ts'
import { uniqueCondition, whereText } from './index-shapes.ts'
import { type Narrowing, narrowing } from './narrowing.ts'
import { literal, quoteName } from './sql-text.ts'

/** Looks for rows that a change would refuse, before it changes anything. */
export interface RowCheck {
  /** Gives a row of (how many, an id), or for `judge` rows of (id, value). */
  readonly sql: string
  /** What is the matter with so many rows. */
  readonly tell: (count: number) => string
  /** Whether a value is refused; without it the statement has counted already. */
  readonly isRefused?: (value: NonNullable<RawValue>) => boolean
}

export interface CheckedChange {
  readonly from: AnyModel
  readonly to: AnyModel
  /** The fields whose rows get a value where they have none. */
  readonly filled: ReadonlySet<string>
  readonly dialect: DialectName
}

/** What rows could stand in the way of a table that becomes stricter. */
export function rowChecks(change: CheckedChange): RowCheck[] {
  const { from, to } = change
  const kept = [...to.columns.values()].flatMap((column): (readonly [Column, Column])[] => {
    const before = from.columns.get(column.name)
    return before && before.column === column.column ? [[before, column]] : []
  })
  return [
    ...kept.flatMap(([before, after]) => columnChecks(change, before, after)),
    ...newUniqueSets(change).flatMap((set) => uniqueCheck(change, set)),
    ...newChecks(change),
  ]
}

const table = ({ from, dialect }: CheckedChange): string => quoteName(from.table, dialect)

function idText(dialect: DialectName): string {
  return `cast(${quoteName('id', dialect)} as ${dialect === 'mysql' ? 'char' : 'text'})`
}

const counted = (change: CheckedChange, where: string): string =>
  `select count(*), min(${idText(change.dialect)}) from ${table(change)} where ${where}`

function columnChecks(change: CheckedChange, before: Column, after: Column): RowCheck[] {
  const { dialect, filled } = change
  const name = quoteName(after.column, dialect)
  const isTightened = before.settings.nullable && !after.settings.nullable && !filled.has(after.name)
  const missing = {
    sql: counted(change, `${name} is null`),
    tell: (count: number) => `${count} row(s) have no value in "${after.name}"`,
  }
  const narrower = narrowing(before, after)
  return [...(isTightened ? [missing] : []), ...(narrower ? [fitCheck(change, narrower, [before, after])] : [])]
}

function fitCheck(change: CheckedChange, narrower: Narrowing, [before, after]: readonly [Column, Column]): RowCheck {
  const { dialect } = change
  const name = quoteName(after.column, dialect)
  const tell = (count: number) => `${count} row(s) hold a value in "${after.name}" that does not fit`
  switch (narrower.kind) {
    case 'length': {
      const length = dialect === 'sqlite' ? 'length' : 'char_length'
      return { sql: counted(change, `${length}(${name}) > ${narrower.max}`), tell }
    }
    case 'choice': {
      const words = narrower.words.map((word) => literal(word)).join(', ')
      return { sql: counted(change, `${name} not in (${words})`), tell }
    }
    case 'whole':
      return {
        sql: counted(
          change,
          `${name} < ${narrower.least} or ${name} > ${narrower.most}${narrower.hasFractions ? ` or ${name} <> round(${name})` : ''}`,
        ),
        tell,
      }
    case 'decimal': {
      const limit = `1${'0'.repeat(narrower.digits - narrower.places)}`
      return {
        sql: counted(change, `abs(${name}) >= ${limit} or ${name} <> round(${name}, ${narrower.places})`),
        tell,
      }
    }
    case 'values':
      return {
        sql: `select ${idText(dialect)}, ${name} from ${table(change)} where ${name} is not null`,
        tell,
        isRefused: (raw) => after.kind.parseText(plainText(before.kind.decode(raw, dialect))) instanceof Problem,
      }
  }
}

function plainText(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function newUniqueSets({ from, to }: CheckedChange): UniqueSet[] {
  const known = new Set(from.unique.map((set) => uniqueKeyName({ ...from, table: '' }, set)))
  return to.unique.filter((set) => !known.has(uniqueKeyName({ ...to, table: '' }, set)))
}

/** Rows with a null in the set are never equal, and a field that is only now added has nothing to look at. */
function uniqueCheck(change: CheckedChange, set: UniqueSet): RowCheck[] {
  const { from, to, dialect } = change
  const fields = set.fields.map((name) => columnNamed(to, name).column)
  if (!set.fields.every((name) => from.columns.has(name))) return []
  const columns = [...(to.scope === 'business' ? ['business_id'] : []), ...fields].map((name) =>
    quoteName(name, dialect),
  )
  const where = [
    ...fields.map((name) => `${quoteName(name, dialect)} is not null`),
    ...(from.hasSoftDelete === to.hasSoftDelete ? conditionOf(to, set, dialect) : []),
  ]
  const groups = `select min(${idText(dialect)}) as sample from ${table(change)} where ${where.join(' and ')} group by ${columns.join(', ')} having count(*) > 1`
  return [
    {
      sql: `select count(*), min(sample) from (${groups}) as doubles`,
      tell: (count) => `${count} value(s) of (${set.fields.join(', ')}) are there more than once`,
    },
  ]
}

function conditionOf(model: AnyModel, set: UniqueSet, dialect: DialectName): string[] {
  const condition = uniqueCondition(model, set, dialect)
  return condition === null ? [] : [`(${condition})`]
}

function newChecks(change: CheckedChange): RowCheck[] {
  const { from, to, dialect } = change
  const keyOf = ({ name, where }: AnyModel['checks'][number]): string => `${name} ${conditionKey(where)}`
  const known = new Set(from.checks.map(keyOf))
  return to.checks
    .filter((check) => !known.has(keyOf(check)))
    .map(({ name, where }) => ({
      sql: counted(change, `not (${whereText(to, where, { dialect, subject: `${to.label}: the check "${name}"` })})`),
      tell: (count) => `${count} row(s) break the check "${name}"`,
    }))
}
