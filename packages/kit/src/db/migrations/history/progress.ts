import type { DialectName, Executor } from '../../dialects/index.ts'
import { PROGRESS_TABLE } from '../own-tables.ts'

/** How far a step has come that no transaction holds together: it has one row while it runs, and none before and after. */
export interface Progress {
  readonly app: string
  readonly name: string
  readonly isBackwards: boolean
  /** How many of its statements are done. */
  readonly done: number
  /** A hash of those, in order: they must be the same when the step is taken up again. */
  readonly chain: string
  /** What the tables looked like before the statement that has been begun. Null: none has. */
  readonly before: string | null
  /** The statement that has been begun. */
  readonly begun: string | null
}

const MARKS = { postgresql: '$1, $2, $3, $4, $5, $6, $7', sqlite: '?, ?, ?, ?, ?, ?, ?', mysql: '?, ?, ?, ?, ?, ?, ?' }
const ORDER = 'app, name, is_backwards, done, chain, tables_before, begun'

export async function ensureProgressTable(executor: Executor, dialect: DialectName): Promise<void> {
  if (await hasProgressTable(executor, dialect)) return
  const ending = dialect === 'mysql' ? ' engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin' : ''
  await executor.execute({
    sql: `create table ${PROGRESS_TABLE} (app varchar(100) not null, name varchar(255) not null, is_backwards integer not null, done integer not null, chain varchar(64) not null, tables_before varchar(64), begun ${dialect === 'mysql' ? 'longtext' : 'text'}, primary key (app, name))${ending}`,
  })
}

/** The step that was broken off, if there is one. */
export async function readProgress(executor: Executor, dialect: DialectName): Promise<Progress | null> {
  if (!(await hasProgressTable(executor, dialect))) return null
  const { rows } = await executor.execute({ sql: `select ${ORDER} from ${PROGRESS_TABLE}` })
  const [row] = rows
  if (!row) return null
  const [app, name, isBackwards, done, chain, before, begun] = row.map((value) =>
    value === null ? null : String(value),
  )
  return {
    app: app ?? '',
    name: name ?? '',
    isBackwards: isBackwards === '1',
    done: Number(done),
    chain: chain ?? '',
    before: before ?? null,
    begun: begun ?? null,
  }
}

/** Writes down how far a step is, over what was written before; for everything else, use it in one transaction. */
export async function saveProgress(executor: Executor, dialect: DialectName, progress: Progress): Promise<void> {
  const { app, name, isBackwards, done, chain, before, begun } = progress
  await executor.pipeline([
    { statement: { sql: `delete from ${PROGRESS_TABLE}` }, params: [] },
    {
      statement: { sql: `insert into ${PROGRESS_TABLE} (${ORDER}) values (${MARKS[dialect]})` },
      params: [app, name, Number(isBackwards), done, chain, before, begun],
    },
  ])
}

export async function clearProgress(executor: Executor, dialect: DialectName): Promise<void> {
  if (await hasProgressTable(executor, dialect)) await executor.execute({ sql: `delete from ${PROGRESS_TABLE}` })
}

const TABLE_QUERIES: Readonly<Record<DialectName, string>> = {
  postgresql: `select 1 where to_regclass('${PROGRESS_TABLE}') is not null`,
  sqlite: `select 1 from sqlite_schema where type = 'table' and name = '${PROGRESS_TABLE}'`,
  mysql: `select 1 from information_schema.tables where table_schema = database() and table_name = '${PROGRESS_TABLE}'`,
}

async function hasProgressTable(executor: Executor, dialect: DialectName): Promise<boolean> {
  const { rows } = await executor.execute({ sql: TABLE_QUERIES[dialect] })
  return rows.length > 0
}
