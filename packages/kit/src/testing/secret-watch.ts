import { type AnyModel, EVERY_BUSINESS, type Store } from '../db/index.ts'

/** What of requests and answers must be kept as digests, or sealed, or not at all. */
const SECRET_NAMES = new Set([
  'password',
  'old_password',
  'new_password',
  'access',
  'refresh',
  'token',
  'challenge',
  'device_token',
  'secret',
  'recovery_codes',
  'key',
])
const FEWEST_CHARACTERS = 10
const MOST_ROWS = 5000
/** A full stop is part of tokens, unless a sentence ends there. */
const BETWEEN_WORDS = /\.*[^\w.~-]+|\.+$/
const NO_WORD = /[^\w.~-]/

/** Remembers the secrets that went over the wire, and tells where one of them is kept or told in clear. */
export class SecretWatch {
  readonly #secrets = new Set<string>()

  /** Takes the secrets of a request that went well, and those of its answer. */
  note({ sent, got, status }: { readonly sent: unknown; readonly got: unknown; readonly status: number }): void {
    if (status >= 300) return
    this.#take(sent)
    this.#take(got)
  }

  /** How many secrets it knows. */
  get size(): number {
    return this.#secrets.size
  }

  /** Takes a secret that went another way, such as by mail. */
  add(secret: string): void {
    if (secret.length >= FEWEST_CHARACTERS) this.#secrets.add(secret)
  }

  /** The first secret that the text holds, or null. */
  findIn(text: string): string | null {
    for (const word of text.split(BETWEEN_WORDS)) if (this.#secrets.has(word)) return word
    // A password may have spaces in it; there are few of those.
    for (const secret of this.#secrets) if (NO_WORD.test(secret) && text.includes(secret)) return secret
    return null
  }

  /** Where in the database a secret stands in clear: `account_user: Demo…`. Of large tables the newest rows are read. */
  async findInDatabase(store: Store): Promise<string[]> {
    const found: string[] = []
    for (const model of store.registry.models) {
      const secret = this.findIn(await rowsAsText(store, model))
      if (secret !== null) found.push(`${model.table}: ${secret.slice(0, 4)}… (${secret.length} characters)`)
    }
    return found
  }

  #take(value: unknown, isSecret = false): void {
    if (typeof value === 'string') {
      if (isSecret) this.add(value)
    } else if (Array.isArray(value)) {
      for (const item of value) this.#take(item, isSecret)
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, item] of Object.entries(value)) this.#take(item, SECRET_NAMES.has(name))
    }
  }
}

async function rowsAsText({ database }: Store, { table }: AnyModel): Promise<string> {
  const quote = database.dialect === 'mysql' ? '`' : '"'
  const { rows } = await database
    .within(EVERY_BUSINESS)
    .execute({ sql: `select * from ${quote}${table}${quote} order by 1 desc limit ${MOST_ROWS}` })
  return JSON.stringify(rows, (_name, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))
}
