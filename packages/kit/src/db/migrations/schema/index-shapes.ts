import { createHash } from 'node:crypto'
import type { DialectName } from '../../dialects/index.ts'
import {
  type AnyCondition,
  type AnyModel,
  type Column,
  columnNamed,
  conditionKey,
  foldedField,
  type Index,
  indexName,
  keyName,
  readCondition,
  type UniqueSet,
  uniqueKeyName,
} from '../../models/index.ts'
import { conditionText } from './condition-text.ts'
import type { ColumnShape, GeneratedShape, IndexPart, IndexShape } from './shapes.ts'

/**
 * The column that lets MySQL keep a unique key among rows not deleted, as it has no partial indexes: 1, or null on a
 * deleted row, and nulls are never equal. No field can have this name: fields have single underscores.
 */
const ALIVE_COLUMN = 'is__alive'

export const ALIVE_CONDITION = 'deleted_at is null'

/** What hidden columns begin with: those that the kit computes for keys of MySQL. */
export const isHidden = (column: string): boolean => /^is__/.test(column)

/** The indexes that a model declares, with the columns that they need where a database cannot have them otherwise. */
export interface DeclaredIndexes {
  readonly indexes: readonly IndexShape[]
  readonly columns: readonly ColumnShape[]
}

export function declaredIndexes(model: AnyModel, dialect: DialectName): DeclaredIndexes {
  const made = [
    ...model.unique.map((set) => uniqueIndex(model, set, dialect)),
    ...model.indexes.flatMap((index) => plainIndex(model, index, dialect)),
  ]
  const indexes = [...countedKey(model), ...made.map(({ index }) => index)]
  const columns = made.flatMap(({ column }) => (column ? [column] : []))
  const byName = <Part extends { readonly name: string }>(parts: readonly Part[]): Part[] => [
    ...new Map(parts.map((part) => [part.name, part])).values(),
  ]
  return { indexes: byName(indexes), columns: byName(columns) }
}

interface MadeIndex {
  readonly index: IndexShape
  readonly column: ColumnShape | null
}

const scopeOf = (model: AnyModel): string[] => (model.scope === 'business' ? ['business_id'] : [])

function uniqueIndex(model: AnyModel, set: UniqueSet, dialect: DialectName): MadeIndex {
  const columns = [...scopeOf(model), ...set.fields.map((name) => columnNamed(model, name).column)]
  const where = uniqueCondition(model, set, dialect)
  const hidden = dialect === 'mysql' && where !== null ? conditionColumn(set, where) : null
  return {
    index: {
      name: uniqueKeyName(model, set),
      parts: ascending([...columns, ...(hidden ? [hidden.name] : [])]),
      isUnique: true,
      where: hidden ? null : where,
      include: [],
      using: 'btree',
    },
    column: hidden,
  }
}

/** The rows that a unique set is about; null for all of them. */
export function uniqueCondition(model: AnyModel, { fields, where }: UniqueSet, dialect: DialectName): string | null {
  const alive = model.hasSoftDelete ? [ALIVE_CONDITION] : []
  const subject = `${model.label}: the unique set (${fields.join(', ')})`
  const all = [...alive, ...(where === null ? [] : [whereText(model, where, { dialect, subject })])]
  return all.length === 0 ? null : all.join(' and ')
}

function conditionColumn({ where }: UniqueSet, text: string): ColumnShape {
  return {
    name: where === null ? ALIVE_COLUMN : `is__${shortHash(conditionKey(where) + text)}`,
    type: 'tinyint',
    isNullable: true,
    isCounted: false,
    generatedAs: hiddenFrom(`if(${text}, 1, null)`),
  }
}

const hiddenFrom = (sql: string): GeneratedShape => ({ sql, hasReferences: false, isStored: false })

interface WherePlace {
  readonly dialect: DialectName
  readonly subject: string
}

export function whereText(model: AnyModel, where: AnyCondition, { dialect, subject }: WherePlace): string {
  return conditionText(readCondition(where, { subject, columns: model.columns }), dialect)
}

/** What composite foreign keys point to where the id alone is the primary key. */
function countedKey(model: AnyModel): IndexShape[] {
  if (model.scope !== 'business' || model.idKind !== 'bigint') return []
  const columns = ['business_id', 'id']
  return [plainShape(keyName(model.table, columns, 'uniq'), ascending(columns), true)]
}

/** As a list to spread: a database that has no such index has none. */
function plainIndex(model: AnyModel, index: Index, dialect: DialectName): MadeIndex[] {
  if (index.using === 'gin') return dialect === 'postgresql' ? [ginIndex(model, index)] : []
  const expression = index.expression === null ? null : expressionPart(model, index, dialect)
  if (index.expression !== null && expression === null) return []
  const fields = index.fields.map((name) => ({
    column: columnNamed(model, name.replace(/^-/, '')).column,
    isDescending: name.startsWith('-'),
    expression: null,
  }))
  const subject = `${model.label}: an index`
  const shape: IndexShape = {
    ...plainShape(indexName(model, index), [...ascending(scopeOf(model)), ...fields, ...(expression?.parts ?? [])]),
    where: index.where === null || dialect === 'mysql' ? null : whereText(model, index.where, { dialect, subject }),
    include: dialect === 'postgresql' ? index.include.map((name) => columnNamed(model, name).column) : [],
  }
  return [{ index: shape, column: expression?.column ?? null }]
}

/** Without the business before it: that takes an extension of PostgreSQL. The policy and the wall add it as a filter. */
function ginIndex(model: AnyModel, index: Index): MadeIndex {
  const columns = index.fields.map((name) => columnNamed(model, name).column)
  const subject = `${model.label}: an index`
  const where = index.where === null ? null : whereText(model, index.where, { dialect: 'postgresql', subject })
  return { index: { ...plainShape(indexName(model, index), ascending(columns)), where, using: 'gin' }, column: null }
}

interface ExpressionPart {
  readonly parts: readonly IndexPart[]
  readonly column: ColumnShape | null
}

/** MariaDB has no indexes of expressions: there a column computes it. Null if there is no SQL for this database. */
function expressionPart(model: AnyModel, { expression }: Index, dialect: DialectName): ExpressionPart | null {
  const typed = typedExpression(model, expression, dialect)
  if (typed === null) return null
  if (dialect !== 'mysql') {
    return { parts: [{ column: '', isDescending: false, expression: typed.sql }], column: null }
  }
  const name = `is__${shortHash(`${typed.sql} ${typed.type}`)}`
  const column = { name, type: typed.type, isNullable: true, isCounted: false, generatedAs: hiddenFrom(typed.sql) }
  return { parts: ascending([name]), column }
}

function typedExpression(model: AnyModel, expression: Index['expression'], dialect: DialectName) {
  if (typeof expression === 'string') {
    const { word, column } = foldedField(model, `${model.label}: an index`, expression)
    return { sql: `${word}(${column.column})`, type: foldedType(column) }
  }
  const own = expression?.[dialect]
  if (own === undefined) return null
  return typeof own === 'string' ? { sql: own, type: '' } : own
}

const foldedType = (column: Column): string => column.kind.columnType('mysql')

const plainShape = (name: string, parts: readonly IndexPart[], isUnique = false): IndexShape => ({
  name,
  parts,
  isUnique,
  where: null,
  include: [],
  using: 'btree',
})

/** The index of a foreign key: of that name and those columns, in that order. */
export function indexOfColumns(name: string, columns: readonly string[]): IndexShape {
  return plainShape(name, ascending(columns))
}

const ascending = (columns: readonly string[]): IndexPart[] =>
  columns.map((column) => ({ column, isDescending: false, expression: null }))

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8)
