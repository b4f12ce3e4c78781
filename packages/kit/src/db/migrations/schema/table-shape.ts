import type { DialectName } from '../../dialects/index.ts'
import { isForeignKey } from '../../fields/index.ts'
import { type AnyModel, type Column, columnNamed, foreignKeys, keyName } from '../../models/index.ts'

/** A table as one database keeps it: made from a model, compared with another of its points in time, printed as DDL. */
export interface TableShape {
  readonly name: string
  readonly columns: readonly ColumnShape[]
  readonly primaryKey: readonly string[]
  readonly indexes: readonly IndexShape[]
  readonly foreignKeys: readonly ForeignKeyShape[]
}

export interface ColumnShape {
  readonly name: string
  readonly type: string
  readonly isNullable: boolean
  /** Whether the database counts it up by itself. */
  readonly isCounted: boolean
  /** The expression that the database computes it from. */
  readonly generatedAs: string | null
}

export interface IndexShape {
  readonly name: string
  readonly parts: readonly IndexPart[]
  readonly isUnique: boolean
  /** The condition of a partial index. */
  readonly where: string | null
}

export interface IndexPart {
  readonly column: string
  readonly isDescending: boolean
}

export interface ForeignKeyShape {
  readonly name: string
  readonly columns: readonly string[]
  readonly targetTable: string
  readonly targetColumns: readonly string[]
}

/**
 * The column that lets MySQL keep a unique key among rows not deleted, as it has no partial indexes: 1, or null on a
 * deleted row, and nulls are never equal. No field can have this name: fields have single underscores.
 */
export const ALIVE_COLUMN = 'is__alive'

const ALIVE_CONDITION = 'deleted_at is null'

export interface ShapeOptions {
  readonly dialect: DialectName
  /** The model of a label, for the tables that foreign keys point to. */
  readonly target: (label: string) => AnyModel
}

/**
 * The table of a model. A business's rows have the business first in every key: ids of another business can neither
 * collide nor be probed, and foreign keys cannot reach out of the business.
 */
export function tableShape(model: AnyModel, { dialect, target }: ShapeOptions): TableShape {
  const isScoped = model.scope === 'business'
  const primaryKey = isScoped && model.idKind === 'uuid' ? ['business_id', 'id'] : ['id']
  const foreignKeyShapes = foreignKeys(model).map((column) => foreignKeyShape(model, column, target))
  const declared = [...uniqueIndexes(model, dialect), ...declaredIndexes(model)]
  const columns = [...model.columns.values()].map((column) => columnShape(column, dialect))
  const needsAliveColumn = declared.some((index) => index.parts.some((part) => part.column === ALIVE_COLUMN))
  return {
    name: model.table,
    columns: needsAliveColumn ? [...columns, aliveColumn()] : columns,
    primaryKey,
    indexes: withForeignKeyIndexes(model, { primaryKey, declared, foreignKeyShapes }),
    foreignKeys: foreignKeyShapes,
  }
}

function columnShape({ column, kind, settings, name }: Column, dialect: DialectName): ColumnShape {
  const isCounted = name === 'id' && kind.name === 'bigInteger'
  return {
    name: column,
    // Only a column declared exactly so counts up on SQLite.
    type: isCounted && dialect === 'sqlite' ? 'integer' : kind.columnType(dialect),
    isNullable: settings.nullable,
    isCounted,
    generatedAs: null,
  }
}

function aliveColumn(): ColumnShape {
  const generatedAs = `if(${ALIVE_CONDITION}, 1, null)`
  return { name: ALIVE_COLUMN, type: 'tinyint', isNullable: true, isCounted: false, generatedAs }
}

function uniqueIndexes(model: AnyModel, dialect: DialectName): IndexShape[] {
  const scope = model.scope === 'business' ? ['business_id'] : []
  const isPartial = model.hasSoftDelete
  const sets = model.unique.map((set): IndexShape => {
    const columns = set.map((name) => columnNamed(model, name).column)
    const alive = isPartial && dialect === 'mysql' ? [ALIVE_COLUMN] : []
    return {
      name: keyName(model.table, columns, 'uniq'),
      parts: ascending([...scope, ...columns, ...alive]),
      isUnique: true,
      where: isPartial && dialect !== 'mysql' ? ALIVE_CONDITION : null,
    }
  })
  const counted = model.scope === 'business' && model.idKind === 'bigint' ? [countedKey(model)] : []
  return [...counted, ...sets]
}

/** What composite foreign keys point to where the id alone is the primary key. */
function countedKey(model: AnyModel): IndexShape {
  const columns = ['business_id', 'id']
  return { name: keyName(model.table, columns, 'uniq'), parts: ascending(columns), isUnique: true, where: null }
}

function declaredIndexes(model: AnyModel): IndexShape[] {
  const scope = model.scope === 'business' ? ['business_id'] : []
  return model.indexes.map((signed) => {
    const parts = signed.map((name) => ({
      column: columnNamed(model, name.replace(/^-/, '')).column,
      isDescending: name.startsWith('-'),
    }))
    const named = parts.map(({ column, isDescending }) => (isDescending ? `-${column}` : column))
    return {
      name: keyName(model.table, named, 'idx'),
      parts: [...ascending(scope), ...parts],
      isUnique: false,
      where: null,
    }
  })
}

function foreignKeyShape(model: AnyModel, column: Column, target: ShapeOptions['target']): ForeignKeyShape {
  if (!isForeignKey(column.kind)) throw new TypeError(`${model.label}.${column.name} is no foreign key`)
  const pointed = target(column.kind.targetLabel)
  const isInside = model.scope === 'business' && pointed.scope === 'business'
  return {
    name: keyName(model.table, [column.column], 'fk'),
    columns: isInside ? ['business_id', column.column] : [column.column],
    targetTable: pointed.table,
    targetColumns: isInside ? ['business_id', 'id'] : ['id'],
  }
}

interface IndexSources {
  readonly primaryKey: readonly string[]
  readonly declared: readonly IndexShape[]
  readonly foreignKeyShapes: readonly ForeignKeyShape[]
}

function withForeignKeyIndexes(
  model: AnyModel,
  { primaryKey, declared, foreignKeyShapes }: IndexSources,
): IndexShape[] {
  const indexes = [...new Map(declared.map((index) => [index.name, index])).values()]
  for (const { columns } of foreignKeyShapes) {
    const isCovered = startsWith(primaryKey, columns) || indexes.some((index) => serves(index, columns))
    if (!isCovered) indexes.push(foreignKeyIndex(model, columns))
  }
  return indexes
}

/**
 * Out of a business the pointed row has to be found by its id alone when it is deleted, and MySQL wants that order; the
 * business after it serves the lists within one.
 */
function foreignKeyIndex(model: AnyModel, columns: readonly string[]): IndexShape {
  const isInside = columns.length > 1
  const own = columns.at(-1) ?? ''
  const isFromBusiness = !isInside && model.scope === 'business'
  return {
    name: keyName(model.table, isFromBusiness ? [own, 'business_id'] : [own], 'idx'),
    parts: ascending(isFromBusiness ? [own, 'business_id'] : columns),
    isUnique: false,
    where: null,
  }
}

/** A key among rows not deleted serves no foreign key: deleted rows point too. */
function serves(index: IndexShape, columns: readonly string[]): boolean {
  const ascendingParts = index.parts.map((part) => (part.isDescending ? '' : part.column))
  const isWhole = index.where === null && !ascendingParts.includes(ALIVE_COLUMN)
  return isWhole && startsWith(ascendingParts, columns)
}

const startsWith = (whole: readonly string[], start: readonly string[]): boolean =>
  start.every((column, position) => whole[position] === column)

const ascending = (columns: readonly string[]): IndexPart[] =>
  columns.map((column) => ({ column, isDescending: false }))
