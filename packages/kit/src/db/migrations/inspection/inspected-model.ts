import type { DialectName } from '../../dialects/index.ts'
import { Field } from '../../fields/index.ts'
import { fieldNameFlaw, keyName, model } from '../../models/index.ts'
import type { ColumnFacts, ForeignKeyFacts, IndexFacts, TableFacts } from '../introspection/index.ts'
import { fieldOfColumn } from './column-field.ts'

/** A foreign key that a table has. */
export interface InspectedKey {
  readonly targetTable: string
  readonly isNullable: boolean
}

export interface InspectedIndex {
  readonly fields: readonly string[]
  readonly using: string
  readonly include: readonly string[]
  /** Null: the one that the kit gives. */
  readonly name: string | null
}

/** A table as a model could be declared for it. */
export interface InspectedModel {
  readonly table: string
  readonly isScoped: boolean
  readonly isCounted: boolean
  readonly hasSoftDelete: boolean
  readonly fields: ReadonlyMap<string, Field | InspectedKey>
  readonly unique: readonly InspectedIndex[]
  readonly indexes: readonly InspectedIndex[]
  /** What could not be said in a model, for the reader. */
  readonly notes: readonly string[]
}

/** The columns that the kit gives to a model by itself. */
function kitColumnsOf(softDelete: boolean): string[] {
  const bare = model('any.Model', { scope: 'business', softDelete, fields: {} })
  return Array.from(bare.columns.values(), ({ column }) => column)
}

/** Makes of each table a model; tables that point to one which is not among them keep the plain column. */
export function inspectedModels(tables: readonly TableFacts[], dialect: DialectName): InspectedModel[] {
  const names = new Set(tables.map(({ name }) => name))
  return tables.map((table) => new Inspection(table, dialect, names).model())
}

class Inspection {
  readonly #table: TableFacts
  readonly #dialect: DialectName
  readonly #tables: ReadonlySet<string>
  readonly #isScoped: boolean
  readonly #notes: string[] = []
  /** The names of fields by their columns. */
  readonly #names = new Map<string, string>()

  constructor(table: TableFacts, dialect: DialectName, tables: ReadonlySet<string>) {
    this.#table = table
    this.#dialect = dialect
    this.#tables = tables
    this.#isScoped = this.#has('business_id')
  }

  model(): InspectedModel {
    const { name, columns, indexes, checks } = this.#table
    const id = columns.find((column) => column.name === 'id')
    this.#noteIdentity(id)
    const hasSoftDelete = this.#isScoped && this.#has('deleted_at')
    const own = this.#kitColumns(hasSoftDelete)
    for (const kept of own) this.#names.set(kept, kept)
    const fields = new Map(
      columns.filter(({ name: column }) => !own.has(column)).flatMap((column) => this.#field(column)),
    )
    for (const check of checks) this.#notes.push(`The check "${check.name}" is left out: its condition is SQL.`)
    const described = indexes.flatMap((index) => this.#index(index))
    return {
      table: name,
      isScoped: this.#isScoped,
      isCounted: id !== undefined && fieldOfColumn(id, this.#dialect)?.kind.name !== 'uuid',
      hasSoftDelete,
      fields,
      unique: described.filter(({ isUnique }) => isUnique).map(({ index }) => index),
      indexes: described.filter(({ isUnique }) => !isUnique).map(({ index }) => index),
      notes: this.#notes,
    }
  }

  #has(column: string): boolean {
    return this.#table.columns.some(({ name }) => name === column)
  }

  #kitColumns(hasSoftDelete: boolean): Set<string> {
    const wanted = this.#isScoped ? kitColumnsOf(hasSoftDelete) : ['id']
    const missing = wanted.filter((column) => !this.#has(column))
    if (missing.length > 0) this.#notes.push(`The kit wants the column(s) ${missing.join(', ')}, which are not there.`)
    return new Set(wanted.filter((column) => this.#has(column)))
  }

  #noteIdentity(id: ColumnFacts | undefined): void {
    const { primaryKey } = this.#table
    const isUuid = id !== undefined && fieldOfColumn(id, this.#dialect)?.kind.name === 'uuid'
    const wanted = this.#isScoped && isUuid ? 'business_id, id' : 'id'
    if (primaryKey.join(', ') !== wanted) {
      this.#notes.push(`Its primary key is (${primaryKey.join(', ')}); the kit wants (${wanted}).`)
    }
  }

  #field(column: ColumnFacts): [string, Field | InspectedKey][] {
    // Hidden columns belong to keys of the kit.
    if (column.name.startsWith('is__')) return []
    if (/ generated/i.test(column.type)) return this.#leftOut(column, 'the database computes it')
    const key = this.#keyOf(column.name)
    const name = key ? column.name.replace(/_id$/, '') : column.name
    const flaw = fieldNameFlaw(name)
    if (flaw !== null) return this.#leftOut(column, flaw)
    const like = key ? null : fieldOfColumn(column, this.#dialect)
    if (!key && !like) return this.#leftOut(column, 'no kind of field is like it')
    this.#names.set(column.name, name)
    if (key) return [[name, { targetTable: key.targetTable, isNullable: column.isNullable }]]
    return like ? [[name, column.isNullable ? like.optional() : like]] : []
  }

  #keyOf(column: string): ForeignKeyFacts | undefined {
    const key = this.#table.foreignKeys.find(
      ({ columns, targetColumns, targetTable }) =>
        columns.at(-1) === column &&
        targetColumns.at(-1) === 'id' &&
        (columns.length === 1 || columns.slice(0, -1).join() === 'business_id') &&
        this.#tables.has(targetTable),
    )
    return key && column.endsWith('_id') ? key : undefined
  }

  #leftOut({ name, type }: ColumnFacts, why: string): [] {
    this.#notes.push(`The column "${name}" (${type}) is left out: ${why}.`)
    return []
  }

  #index(index: IndexFacts): { readonly isUnique: boolean; readonly index: InspectedIndex }[] {
    const shown = index.columns.filter((column) => column !== 'is__alive')
    const columns = this.#isScoped && shown[0] === 'business_id' ? shown.slice(1) : shown
    const isForKey = !index.isUnique && this.#isForKey(shown)
    const isForCount = index.isUnique && columns.join() === 'id'
    if (isForKey || isForCount) return []
    const fields = columns.flatMap((column) => this.#signed(column))
    const isPlainPart = index.rows === 'all' || (index.rows === 'alive' && index.isUnique && this.#has('deleted_at'))
    if (fields.length < columns.length || columns.length === 0 || !isPlainPart) {
      this.#notes.push(`The index "${index.name}" (${index.columns.join(', ')}) is left out: write it by hand.`)
      return []
    }
    const keys = fields.filter((field) => !field.startsWith('+'))
    const include = fields.filter((field) => field.startsWith('+')).map((field) => field.slice(1))
    const usual = keyName(this.#table.name, columns, index.isUnique ? 'uniq' : 'idx')
    const isNamed = index.name === usual || this.#isUnnameable(index.name)
    return [
      {
        isUnique: index.isUnique,
        index: { fields: keys, include, using: index.using, name: isNamed ? null : index.name },
      },
    ]
  }

  /** What SQLite names itself, and what a model cannot be given. */
  #isUnnameable(name: string): boolean {
    return !/^[a-z][a-z0-9_]{0,59}$/.test(name) || name.startsWith('sqlite_') || / /.test(name)
  }

  #isForKey(columns: readonly string[]): boolean {
    return this.#table.foreignKeys.some((key) => {
      const [own = ''] = key.columns.slice(-1)
      return [key.columns.join(), `${own},business_id`].includes(columns.join()) && this.#names.has(own)
    })
  }

  #signed(column: string): string[] {
    const [, sign = '', bare = ''] = /^([-+]?)(.*)$/.exec(column) ?? []
    const name = this.#names.get(bare)
    return name === undefined ? [] : [`${sign}${name}`]
  }
}

export const isInspectedKey = (field: Field | InspectedKey): field is InspectedKey => !(field instanceof Field)
