import type { DialectName, Executor } from '../../dialects/index.ts'
import type { AnyModel } from '../../models/index.ts'
import { introspect } from './introspect.ts'
import { rowSecurityProblem } from './row-security-facts.ts'
import type { ColumnFacts, ForeignKeyFacts, IndexFacts, TableFacts } from './table-facts.ts'
import { inPlainTypes, wantedTables } from './wanted-tables.ts'

/** One way in which a database is not what the models want. */
export interface SchemaDifference {
  readonly table: string
  /** In words: `The column "age" is missing.` */
  readonly text: string
  /** Whether it is there beyond what the models want, as an index made by SQL is: no harm by itself. */
  readonly isExtra: boolean
  /** Whether it concerns what keeps businesses apart: primary keys, indexes and foreign keys, or the policy of the rows. */
  readonly wall: 'keys' | 'rows' | null
}

/**
 * Compares a database with the models, in a few queries of its catalogue. Empty: all is as the models want it.
 *
 * @example
 * const differences = await schemaDifferences(database, database.dialect, registry.models)
 * if (differences.some(({ isExtra }) => !isExtra)) throw new Error('Run the migrations first')
 */
export async function schemaDifferences(
  executor: Executor,
  dialect: DialectName,
  models: readonly AnyModel[],
): Promise<SchemaDifference[]> {
  const found = inPlainTypes(await introspect(executor, dialect), dialect)
  return differencesBetween(wantedTables(models, dialect), found)
}

/** How the tables that are found are not those that are wanted. */
export function differencesBetween(wanted: readonly TableFacts[], found: readonly TableFacts[]): SchemaDifference[] {
  return pairs(wanted, found, (table) => table.name).flatMap(({ name, wanted: want, found: has }) => {
    const of = (text: string, isExtra = false): SchemaDifference => ({ table: name, text, isExtra, wall: null })
    if (!has) return [of('The table is missing.')]
    if (!want) return [of('There is no model of this table.', true)]
    return tableDifferences(want, has).map((told) => ({ table: name, ...told }))
  })
}

type Told = Omit<SchemaDifference, 'table'>

function tableDifferences(wanted: TableFacts, found: TableFacts): Told[] {
  return [
    ...partDifferences('column', { wanted: wanted.columns, found: found.columns, nameOf: byOwnName, tell: columnText }),
    ...keyDifference(wanted, found),
    ...partDifferences('index', { wanted: wanted.indexes, found: found.indexes, nameOf: byOwnName, tell: indexText }),
    ...partDifferences('foreign key', {
      wanted: wanted.foreignKeys,
      found: found.foreignKeys,
      nameOf: foreignKeyText,
      tell: foreignKeyText,
    }),
    ...partDifferences('check', { wanted: wanted.checks, found: found.checks, nameOf: byOwnName, tell: byOwnName }),
    ...rowSecurityDifference(wanted, found),
  ]
}

function rowSecurityDifference(wanted: TableFacts, found: TableFacts): Told[] {
  const text = rowSecurityProblem(wanted.rowSecurity, found.rowSecurity)
  return text === null ? [] : [{ text, isExtra: false, wall: 'rows' }]
}

function keyDifference(wanted: TableFacts, found: TableFacts): Told[] {
  const [want, has] = [wanted.primaryKey.join(', '), found.primaryKey.join(', ')]
  if (want === has) return []
  return [{ text: `The primary key is (${has}), wanted (${want}).`, isExtra: false, wall: 'keys' }]
}

interface Parts<Part> {
  readonly wanted: readonly Part[]
  readonly found: readonly Part[]
  readonly nameOf: (part: Part) => string
  /** What of a part has to be the same. */
  readonly tell: (part: Part) => string
}

function partDifferences<Part>(word: string, { nameOf, tell, ...sides }: Parts<Part>): Told[] {
  const wall = word === 'index' || word === 'foreign key' ? 'keys' : null
  return pairs(sides.wanted, sides.found, nameOf).flatMap(({ name, wanted, found }): Told[] => {
    if (!found) return [{ text: `The ${word} "${name}" is missing.`, isExtra: false, wall }]
    if (!wanted) return [{ text: `No model wants the ${word} "${name}".`, isExtra: !isObstacle(found), wall }]
    const [want, has] = [tell(wanted), tell(found)]
    return want === has ? [] : [{ text: `The ${word} "${name}" is ${has}, wanted ${want}.`, isExtra: false, wall }]
  })
}

/** A column that has to have a value, which nobody gives it, would refuse every row. */
function isObstacle(part: unknown): boolean {
  return typeof part === 'object' && part !== null && 'isNullable' in part && part.isNullable === false
}

interface Pair<Part> {
  readonly name: string
  readonly wanted: Part | undefined
  readonly found: Part | undefined
}

function pairs<Part>(wanted: readonly Part[], found: readonly Part[], nameOf: (part: Part) => string): Pair<Part>[] {
  const wants = new Map(wanted.map((part) => [nameOf(part), part]))
  const has = new Map(found.map((part) => [nameOf(part), part]))
  return [...new Set([...wants.keys(), ...has.keys()])].map((name) => ({
    name,
    wanted: wants.get(name),
    found: has.get(name),
  }))
}

const byOwnName = ({ name }: { readonly name: string }): string => name

const columnText = ({ type, isNullable }: ColumnFacts): string => `${type} ${isNullable ? 'null' : 'not null'}`

function indexText({ isUnique, rows, columns, using }: IndexFacts): string {
  return `${isUnique ? 'unique ' : ''}${using === 'btree' ? '' : `${using} `}(${columns.join(', ')})${rows === 'all' ? '' : ` of ${rows === 'alive' ? 'rows not deleted' : 'some rows'}`}`
}

function foreignKeyText({ columns, targetTable, targetColumns }: ForeignKeyFacts): string {
  return `(${columns.join(', ')}) → ${targetTable} (${targetColumns.join(', ')})`
}
