import { createHash, randomUUIDv7 } from 'node:crypto'
import pg from 'pg'
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
import { IS_TUNED } from './tuned.ts'

const COLUMNS =
  'id, name, email, phone, status, owner_id as owner, credit, notes, tags, birthday, created_at, updated_at'
const DIALECT: ListDialect = { columns: COLUMNS, placeholder: '$', like: 'ilike', escapeClause: '' }

const FIND = {
  name: 'find_client',
  text: `select ${COLUMNS} from clients_client where business_id = $1 and id = $2 and deleted_at is null`,
}
const CREATE = {
  name: 'create_client',
  text: `insert into clients_client (id, business_id, name, email, phone, status, owner_id, credit, notes, tags, birthday,
    created_at, created_by, updated_at, updated_by)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, now(), $12, now(), $12) returning ${COLUMNS}`,
}

const DATE_OID = 1082
const TIMESTAMPTZ_OID = 1184

/** Clients in PostgreSQL, over `pg`. */
export class PostgresqlClients implements Clients {
  readonly #pool: pg.Pool
  readonly #names = new Map<string, string>()

  constructor(connectionString: string, poolSize: number) {
    const types = new pg.TypeOverrides()
    // A day has no zone; left alone, `pg` makes midnight of the server's zone of it.
    types.setTypeParser(DATE_OID, (text) => text)
    if (IS_TUNED) types.setTypeParser(TIMESTAMPTZ_OID, (text) => `${text.slice(0, 10)}T${text.slice(11, -3)}Z`)
    this.#pool = new pg.Pool({ connectionString, max: poolSize, types, options: '-c timezone=UTC' })
    this.#pool.on('error', () => {}) // an idle connection was lost: the pool makes another
  }

  async list({ business }: Caller, query: ListQuery): Promise<Page> {
    const { sql, values } = listStatement(business, query, DIALECT)
    const result = await this.#pool.query<ClientRow & { total: string }>({
      name: this.#nameOf(sql),
      text: sql,
      values: [...values],
    })
    const [first] = result.rows
    return { rows: result.rows, count: first ? Number(first.total) : 0 }
  }

  async find({ business }: Caller, id: string): Promise<ClientRow | null> {
    const { rows } = await this.#pool.query<ClientRow>({ ...FIND, values: [business, id] })
    return rows[0] ?? null
  }

  async create({ business, user }: Caller, client: NewClient): Promise<ClientRow> {
    const { name, email, phone, status = 'lead', owner, credit = '0', notes, tags = [], birthday } = client
    const values = [randomUUIDv7(), business, name, email, phone, status, owner, credit, notes]
    try {
      const { rows } = await this.#pool.query<ClientRow>({
        ...CREATE,
        values: [...values, JSON.stringify(tags), birthday, user],
      })
      const [row] = rows
      if (!row) throw new Error('The insert returned no row')
      return row
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === '23505') throw new DuplicateEmailError()
      throw error
    }
  }

  async ping(): Promise<void> {
    await this.#pool.query('select 1')
  }

  close(): Promise<void> {
    return this.#pool.end()
  }

  #nameOf(sql: string): string {
    const known = this.#names.get(sql)
    if (known !== undefined) return known
    const name = `list_${createHash('sha256').update(sql).digest('hex').slice(0, 16)}`
    this.#names.set(sql, name)
    return name
  }
}
