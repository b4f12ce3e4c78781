import { type Database, foreignKeys, introspect, type Registry, type TableFacts } from '../../db/index.ts'

/** The keys of the tables that would let a row out of its business, in words. */
export async function schemaFaults(database: Database, registry: Registry): Promise<string[]> {
  const tables = new Map(
    (await introspect(database, database.dialect)).map((table) => [table.name.toLowerCase(), table]),
  )
  const faults: string[] = []
  for (const model of registry.models.filter(({ scope }) => scope === 'business')) {
    const table = tables.get(model.table.toLowerCase())
    if (!table) {
      faults.push(`${model.label} has no table`)
      continue
    }
    faults.push(...looseUniqueKeys(table))
    if (model.idKind === 'uuid' && table.primaryKey[0] !== 'business_id') {
      faults.push(`${table.name}: the primary key does not begin with the business`)
    }
    for (const key of foreignKeys(model)) {
      const target = registry.target(key)
      if (target.scope === 'business' && !isHeld(table, key.column)) {
        faults.push(
          `${table.name}.${key.column} may point to a row of another business: no foreign key holds it together with the business`,
        )
      }
    }
  }
  return faults
}

/** Ids are drawn by chance, or counted over all businesses: they may be unique by themselves. */
function looseUniqueKeys({ name, indexes }: TableFacts): string[] {
  return indexes
    .filter(({ isUnique, columns }) => isUnique && columns[0] !== 'business_id' && columns.join() !== 'id')
    .map(
      (index) => `${name}: the unique key ${index.name} (${index.columns.join(', ')}) does not begin with the business`,
    )
}

const isHeld = ({ foreignKeys: keys }: TableFacts, column: string): boolean =>
  keys.some(
    ({ columns, targetColumns }) =>
      columns.includes(column) && columns.includes('business_id') && targetColumns.includes('business_id'),
  )
