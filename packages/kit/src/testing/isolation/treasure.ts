import { type AnyModel, EVERY_BUSINESS } from '../../db/index.ts'
import { type Cast, isUser, type Side } from './cast.ts'
import { CANARIES, RESERVED_DATES } from './marked-values.ts'
import { linksOf } from './model-order.ts'
import type { Answer, SentRequest } from './wire.ts'
import type { World } from './world.ts'

const WORDS = /[\w.+@:-]{6,}/g

/** What is to be kept from the attacker: every id and value of the other businesses, and what nobody at all may see. */
export class Treasure {
  readonly #foreign: ReadonlySet<string>
  /** Values of the attacker's as well: shown to nobody over HTTP, and known to the code of its app. */
  readonly #secrets: ReadonlySet<string>
  /** What the attacker has written into rows of its own. */
  #written = ''

  constructor({ foreign, secrets }: { readonly foreign: ReadonlySet<string>; readonly secrets: ReadonlySet<string> }) {
    this.#foreign = foreign
    this.#secrets = secrets
  }

  /** Notes that the attacker writes something itself: reading it again gives nothing away. */
  noteWritten(text: string): void {
    if (this.#foreignIn(text).length > 0 || this.#secretsIn(text).length > 0) this.#written += text
  }

  /** The attacker's rows are what they were. */
  forgetWritten(): void {
    this.#written = ''
  }

  /** What an answer gives away that the request did not say itself; null: nothing. */
  givenAwayBy({ status, headers, body }: Answer, sent: SentRequest): string | null {
    const text = `${status} ${JSON.stringify(headers)} ${body}`
    const found = [...this.#foreignIn(text), ...this.#secretsIn(text)]
    if (found.length === 0) return null
    const said = `${sent.path} ${safelyDecoded(sent.path)} ${JSON.stringify(sent.headers)} ${sent.body ?? ''}`
    return this.#unsaid(found, said)
  }

  /** What of other businesses came to code that had been given something; null: nothing. */
  givenAwayTo(given: string, text: string): string | null {
    return this.#unsaid(this.#foreignIn(text), given)
  }

  #foreignIn(text: string): string[] {
    return [
      ...(text.match(CANARIES) ?? []),
      ...(text.match(RESERVED_DATES) ?? []),
      ...(text.match(WORDS) ?? []).filter((word) => this.#foreign.has(word)),
    ]
  }

  #secretsIn(text: string): string[] {
    return (text.match(WORDS) ?? []).filter((word) => this.#secrets.has(word))
  }

  #unsaid(found: readonly string[], said: string): string | null {
    if (found.length === 0) return null
    const known = `${said} ${this.#written}`.toLowerCase()
    return found.find((word) => !known.includes(word.toLowerCase())) ?? null
  }
}

function safelyDecoded(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll('+', ' '))
  } catch {
    return path
  }
}

/** Gathers what is to be kept from the attacker: from a world in which the victim has its rows. */
export async function treasureOf(world: World, cast: Cast): Promise<Treasure> {
  const own = await wordsOf(world, cast, 'a')
  const theirs = [...(await wordsOf(world, cast, 'b')), ...(await wordsOf(world, cast, 'c'))]
  const foreign = new Set(theirs.filter((word) => !own.has(word)))
  // A user of both businesses knows the other one.
  foreign.delete(world.businesses.c)
  return new Treasure({ foreign, secrets: new Set(await secretsOf(world)) })
}

async function wordsOf(world: World, cast: Cast, side: Side): Promise<Set<string>> {
  const ctx = world.context(world.businesses[side])
  const { registry } = world.built.store
  const words = new Set<string>([world.businesses[side]])
  for (const model of [...cast.models, ...registry.models.filter(isUser), ...linksOf(registry)]) {
    const query = ctx.query(model)
    const rows = await (model.hasSoftDelete ? query.withDeleted() : query).all()
    // Numbers that are computed from small ones may be the attacker's as well.
    const computed = [...model.columns.values()].filter(({ kind, settings }) => settings.generated && !kind.searchable)
    const nulls = Object.fromEntries(computed.map(({ name }) => [name, null]))
    for (const row of rows) addWords(words, { ...row, ...nulls })
  }
  return words
}

function addWords(words: Set<string>, value: unknown): void {
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    for (const part of Object.values(value)) addWords(words, part)
    return
  }
  const text = value instanceof Date ? value.toISOString() : String(value)
  // A short one, such as a choice or a small number, may well be the attacker's own.
  for (const word of text.match(WORDS) ?? []) if (!isSmallNumber(word)) words.add(word)
}

/** However many zeros it is written with: anybody may have it. */
function isSmallNumber(word: string): boolean {
  return /^-?[\d.]+$/.test(word) && word.replace(/\D/g, '').replace(/^0+|0+$/g, '').length < 4
}

/** The values of fields that are shown to nobody, whosever they are: hashes of passwords, say. */
async function secretsOf(world: World): Promise<string[]> {
  const { database, registry } = world.built.store
  const secrets: string[] = []
  for (const model of registry.models) {
    for (const { column } of sensitiveColumns(model)) {
      const quote = database.dialect === 'mysql' ? '`' : '"'
      const { rows } = await world.bare.within(EVERY_BUSINESS).execute({
        sql: `select ${quote}${column}${quote} from ${quote}${model.table}${quote}`,
      })
      secrets.push(...rows.flatMap((row) => String(row[0] ?? '').match(WORDS) ?? []).filter((word) => word.length > 8))
    }
  }
  return secrets
}

function sensitiveColumns({ columns }: AnyModel) {
  return [...columns.values()].filter(
    ({ settings, origin }) => (settings.sensitive || settings.writeOnly) && origin === 'declared',
  )
}
