import type { DialectName } from '../../dialects/index.ts'
import { generatedSql, isForeignKey, withReferences } from '../../fields/index.ts'
import {
  type AnyModel,
  type Check,
  type Column,
  checkName,
  columnNamed,
  foreignKeys,
  keyName,
} from '../../models/index.ts'
import { declaredIndexes, indexOfColumns, isHidden, whereText } from './index-shapes.ts'
import { rowPolicyOf } from './row-policy.ts'
import type { CheckShape, ColumnShape, ForeignKeyShape, GeneratedShape, IndexShape, TableShape } from './shapes.ts'

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
  const declared = declaredIndexes(model, dialect)
  const columns = [...model.columns.values()].map((column) => columnShape(model, column, dialect))
  return {
    name: model.table,
    columns: [...columns, ...declared.columns],
    primaryKey,
    indexes: withForeignKeyIndexes(model, { primaryKey, declared: declared.indexes, foreignKeyShapes }),
    foreignKeys: foreignKeyShapes,
    checks: model.checks.map((check) => checkShape(model, check, dialect)),
    comment: dialect === 'sqlite' ? null : model.comment,
    rowFormat: dialect === 'mysql' ? model.rowFormat : 'dynamic',
    rowPolicy: dialect === 'postgresql' ? rowPolicyOf(model, target) : null,
  }
}

function columnShape(model: AnyModel, own: Column, dialect: DialectName): ColumnShape {
  const { column, kind, settings, name } = own
  const isCounted = name === 'id' && kind.name === 'bigInteger'
  return {
    name: column,
    // Only a column declared exactly so counts up on SQLite.
    type: isCounted && dialect === 'sqlite' ? 'integer' : kind.columnType(dialect),
    isNullable: settings.nullable,
    isCounted,
    generatedAs: generatedShape(model, own, dialect),
  }
}

function generatedShape(model: AnyModel, { kind, settings }: Column, dialect: DialectName): GeneratedShape | null {
  const { generated } = settings
  if (!generated) return null
  const sql = withReferences(generatedSql(generated.as, dialect), (name) => `{${columnNamed(model, name).column}}`)
  // SQLite's numbers are doubles: a product would keep digits behind those of the field, and not be found by its value.
  const isRounded = dialect === 'sqlite' && kind.name === 'decimal'
  return {
    sql: isRounded ? `round(${sql}, ${String(kind.params.places)})` : sql,
    hasReferences: true,
    isStored: generated.isStored || dialect === 'postgresql',
  }
}

function checkShape(model: AnyModel, { name, where }: Check, dialect: DialectName): CheckShape {
  const subject = `${model.label}: the check "${name}"`
  return { name: checkName(model, name), sql: whereText(model, where, { dialect, subject }) }
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
  const indexes = [...declared]
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
  const name = keyName(model.table, isFromBusiness ? [own, 'business_id'] : [own], 'idx')
  return indexOfColumns(name, isFromBusiness ? [own, 'business_id'] : columns)
}

/** A key of some rows serves no foreign key: those that it leaves out point too. */
function serves(index: IndexShape, columns: readonly string[]): boolean {
  const ascendingParts = index.parts.map((part) => (part.isDescending ? '' : part.column))
  const isWhole = index.where === null && index.using === 'btree' && !ascendingParts.some(isHidden)
  return isWhole && startsWith(ascendingParts, columns)
}

const startsWith = (whole: readonly string[], start: readonly string[]): boolean =>
  start.every((column, position) => whole[position] === column)
