import { type Database, introspect, type TableFacts } from '../../../db/index.ts'
import type { Plant } from './plant.ts'

/** Tables without a key that holds rows inside their business. */
export const SCHEMA_PLANTS: readonly Plant[] = [
  {
    name: 'the business in a unique key',
    isLikely: ({ operator }) => operator === 'unique value of another business',
    inSchema: async (database, occasions) => {
      for (const { name, indexes } of await introspect(database, database.dialect)) {
        const unique = indexes.find(
          ({ isUnique, columns }) => isUnique && columns[0] === 'business_id' && columns.length > 1,
        )
        const own = unique?.columns.filter((column) => column !== 'business_id' && !column.startsWith('is__')) ?? []
        // What users are unique by is shared among businesses.
        if (own.length !== 1 || own[0]?.endsWith('_id')) continue
        await database.execute({ sql: `create unique index planted_${name} on ${name} (${own[0]})` })
        occasions.count += 1
      }
    },
  },
  {
    name: 'the business in a foreign key',
    inSchema: async (database, occasions) => {
      for (const table of await introspect(database, database.dialect)) {
        const key = table.foreignKeys.find(({ columns }) => columns.includes('business_id'))
        if (!key || occasions.count > 0) continue
        await dropForeignKeys(database, table)
        occasions.count += 1
      }
    },
  },
]

async function dropForeignKeys(database: Database, table: TableFacts): Promise<void> {
  if (database.dialect === 'sqlite') return rebuiltWithout(database, table.name)
  const catalogue = `select constraint_name from information_schema.table_constraints where table_name = '${table.name}' and constraint_type = 'FOREIGN KEY'`
  const { rows } = await database.execute({ sql: catalogue })
  for (const [name] of rows) {
    const dropped = database.dialect === 'mysql' ? `foreign key \`${String(name)}\`` : `constraint "${String(name)}"`
    await database.execute({ sql: `alter table ${table.name} drop ${dropped}` })
  }
}

/** SQLite changes no constraint of a table: it is made anew without it, and filled from the old one. */
async function rebuiltWithout(database: Database, name: string): Promise<void> {
  const { rows } = await database.execute({
    sql: `select sql from sqlite_master where tbl_name = '${name}' and sql is not null order by type = 'table' desc`,
  })
  const [table = '', ...others] = rows.map(([sql]) => String(sql))
  const loose = table.replaceAll(
    /,\s*(?:constraint "?\w+"? )?foreign key \([^)]*\) references "?\w+"? \([^)]*\)[^,)]*/gi,
    '',
  )
  await database.execute({ sql: 'pragma foreign_keys = off' })
  await database.execute({ sql: 'pragma legacy_alter_table = on' })
  await database.execute({ sql: `alter table "${name}" rename to "planted_old"` })
  await database.execute({ sql: loose })
  await database.execute({ sql: `insert into "${name}" select * from "planted_old"` })
  await database.execute({ sql: 'drop table "planted_old"' })
  for (const sql of others) await database.execute({ sql })
  await database.execute({ sql: 'pragma foreign_keys = on' })
}
