import { randomUUIDv7 } from 'node:crypto'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import {
  type Caller,
  type ClientRow,
  type Clients,
  DuplicateEmailError,
  type ListQuery,
  type NewClient,
  type Page,
} from './clients.ts'
import { type ListDialect, listStatement } from './list-statement.ts'

const COLUMNS = `id, name, email, phone, status, owner_id as owner, printf('%.2f', credit) as credit, notes, tags, birthday,
  replace(created_at, ' ', 'T') || 'Z' as created_at, replace(updated_at, ' ', 'T') || 'Z' as updated_at`
const DIALECT: ListDialect = { columns: COLUMNS, placeholder: '?', like: 'like', escapeClause: " escape '\\'" }

const FIND = `select ${COLUMNS} from clients_client where business_id = ?1 and id = ?2 and deleted_at is null`
const CREATE = `insert into clients_client (id, business_id, name, email, phone, status, owner_id, credit, notes, tags,
  birthday, created_at, created_by, updated_at, updated_by)
  values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?12, ?13) returning ${COLUMNS}`

const UNIQUE_VIOLATIONS = new Set([1555, 2067])

/** What a row has before its JSON is read. */
type StoredRow = Omit<ClientRow, 'tags'> & { readonly tags: string; readonly total: number }

/** Clients in SQLite, over `node:sqlite`. */
export class SqliteClients implements Clients {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  constructor(path: string) {
    this.#database = new DatabaseSync(path)
    this.#database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 5000')
  }

  async list({ business }: Caller, query: ListQuery): Promise<Page> {
    const { sql, values } = listStatement(business, query, DIALECT)
    const rows = this.#prepared(sql).all(...values) as unknown as StoredRow[] // as: the columns that it selects
    return { rows: rows.map(withTags), count: rows[0]?.total ?? 0 }
  }

  async find({ business }: Caller, id: string): Promise<ClientRow | null> {
    const row = this.#prepared(FIND).get(business, id) as unknown as StoredRow | undefined // as: the same
    return row ? withTags(row) : null
  }

  async create({ business, user }: Caller, client: NewClient): Promise<ClientRow> {
    const { name, email = null, phone = null, status = 'lead', owner = null, credit = '0' } = client
    const { notes = null, tags = [], birthday = null } = client
    const now = new Date().toISOString().slice(0, -1).replace('T', ' ')
    const values = [randomUUIDv7(), business, name, email, phone, status, owner, credit, notes, JSON.stringify(tags)]
    try {
      const row = this.#prepared(CREATE).get(...values, birthday, now, user)
      return withTags(row as unknown as StoredRow) // as: an insert that does not throw returns its row
    } catch (error) {
      if (UNIQUE_VIOLATIONS.has(Number(Object(error).errcode))) throw new DuplicateEmailError()
      throw error
    }
  }

  async ping(): Promise<void> {
    this.#prepared('select 1').get()
  }

  async close(): Promise<void> {
    this.#database.close()
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

function withTags(row: StoredRow): ClientRow {
  return { ...row, tags: JSON.parse(row.tags) }
}
