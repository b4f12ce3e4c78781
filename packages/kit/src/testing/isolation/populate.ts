import { PLAIN_SIGN_IN, type Principal } from '../../auth/index.ts'
import { ApiError, newId } from '../../base/index.ts'
import { type Context, createContext } from '../../db/index.ts'
import type { Accounts, BuiltServer, Named } from '../../manage/index.ts'
import { createMake, type MadeUser, type Make } from '../make.ts'
import { signIn } from '../test-project.ts'
import { type Cast, type CastRow, type CastUser, SIDES, type Side, type Variant } from './cast.ts'
import { CASTINGS, type Casting, type ClientName, type Credential } from './clients.ts'
import { KnownIds } from './known-ids.ts'
import { MARKS, markedWord } from './marked-values.ts'
import { pointingFields } from './pointing-fields.ts'
import { howToSupply, SampleError } from './sample-error.ts'
import type { Making, Samples } from './samples.ts'
import { SamplesLearned } from './samples-learned.ts'
import { settableClock } from './settable-clock.ts'

/** Who and what is in a world, as far as the worlds differ in it. */
export interface Population {
  readonly ids: ReadonlyMap<string, string>
  readonly businesses: Readonly<Record<Side | 'd', string>>
  readonly tokens: ReadonlyMap<ClientName, Credential>
  /** Of the victim's own admin; null where the victim has nobody. */
  readonly victimToken: string | null
}

export interface PopulationParts {
  readonly built: BuiltServer
  readonly url: string
  readonly cast: Cast
  readonly variant: Variant
  readonly accounts: Accounts
}

/** When the rows of each side were made: the attacker's now, the others in a year of their own. */
export const BEGINNINGS: Readonly<Record<Side, number>> = {
  a: Date.UTC(2026, 0, 2),
  b: Date.UTC(MARKS.b.year, 0, 2),
  c: Date.UTC(MARKS.c.year, 0, 2),
}

/** Fills an empty database with the businesses, the people and the rows of a world, and signs the people in. */
export async function populate(parts: PopulationParts): Promise<Population> {
  const { built, cast, variant, accounts, url } = parts
  // Sessions begin at one time in every world: users see when they last signed in.
  const setClock = settableClock(built)
  setClock(cast.madeAtMs)
  const outside = contextIn(built, null)
  const make = createMake(accounts, outside)
  const businesses = await makeBusinesses(make)
  const ids = new Map(Object.entries(businesses).map(([side, { id }]) => [`business/${side}`, id]))
  const tokens = new Map<ClientName, Credential>()
  for (const casting of CASTINGS) {
    const user = await makeClient(accounts, make, { casting, businesses, outside })
    ids.set(casting.name, user.id)
    tokens.set(casting.name, await credentialOf(url, { casting, businesses, user }))
  }
  const present = cast.users.filter(({ side }) => variant !== 'bare' || side !== 'b')
  let victimToken: string | null = null
  for (const [at, user] of present.entries()) {
    if (ids.has(user.key)) continue
    const made = await makeCastUser(make, { user, at, businesses })
    ids.set(user.key, made.id)
    if (user.key === 'b/admin') victimToken = await signIn(url, made)
  }
  for (const { key } of cast.users) if (!ids.has(key)) ids.set(key, newId())
  await makeRows(parts, { businesses, ids, setClock })
  await countFromAfar(built)
  return { ids, businesses: idsOf(businesses), tokens, victimToken }
}

type Businesses = Readonly<Record<Side | 'd', Named>>

const idsOf = ({ a, b, c, d }: Businesses): Population['businesses'] => ({ a: a.id, b: b.id, c: c.id, d: d.id })

const contextIn = ({ store }: BuiltServer, business: string | null): Context =>
  createContext(store, { actor: null, business, requestId: newId() })

async function makeBusinesses(make: Make): Promise<Businesses> {
  const victim = markedWord(MARKS.b, 0)
  return {
    a: await make.business({ name: 'Attacker', slug: 'attacker' }),
    b: await make.business({ name: `${victim} Ltd`, slug: victim }),
    c: await make.business({ name: 'Common', slug: 'common' }),
    d: await make.business({ name: 'Dormant', slug: 'dormant' }),
  }
}

interface ClientParts {
  readonly casting: Casting
  readonly businesses: Businesses
}

async function makeClient(
  accounts: Accounts,
  make: Make,
  { casting, businesses, outside }: ClientParts & { readonly outside: Context },
): Promise<MadeUser> {
  const word = casting.name.replace('/', '-')
  // Whoever has left their only business is a stranger there: their name must not show.
  const isStranger = casting.end === 'membership' && Object.keys(casting.roles).length === 1
  const name = isStranger ? markedWord(MARKS.c, 90_000) : `Client ${word}`
  const user = await make.user({ name, email: `${name.replace(' ', '-').toLowerCase()}@isolation.test` })
  for (const side of [...SIDES, 'd'] as const) {
    const role = casting.roles[side]
    if (role) await accounts.addMember(outside, { businessId: businesses[side].id, userId: user.id, role })
  }
  return { ...user, business: casting.business === null ? null : businesses[casting.business] }
}

interface CastUserParts {
  readonly user: CastUser
  readonly at: number
  readonly businesses: Businesses
}

function makeCastUser(make: Make, { user, at, businesses }: CastUserParts): Promise<MadeUser> {
  const word = markedWord(MARKS[user.side], 80_000 + at)
  return make.user({
    name: `${word} Person`,
    email: `${word}@isolation.test`,
    business: businesses[user.side],
    role: user.role,
  })
}

async function credentialOf(
  url: string,
  { casting, user, businesses }: ClientParts & { readonly user: MadeUser },
): Promise<Credential> {
  const token = await signIn(url, user)
  const { name, business, roles, end } = casting
  const principal: Principal = {
    userId: user.id,
    sessionId: newId(),
    business: business === null ? null : businesses[business].id,
    role: business === null ? null : (roles[business] ?? null),
    isSuperuser: false,
    email: user.email,
    name,
    ...PLAIN_SIGN_IN,
    authenticatedAtMs: Date.now(),
  }
  return { name, token, principal: end === undefined ? principal : null, isDead: end !== undefined }
}

interface Known {
  readonly businesses: Businesses
  readonly ids: Map<string, string>
  readonly setClock: (nowMs: number) => void
}

async function makeRows(
  { built, cast, variant }: PopulationParts,
  { businesses, ids, setClock }: Known,
): Promise<void> {
  const known = new KnownIds(ids)
  const { samples } = cast
  const { lessons } = samples
  const make = async (row: CastRow, business: string | null, at: number): Promise<void> => {
    setClock(BEGINNINGS[row.side] + at * 60_000)
    await makeRow(contextIn(built, business), row, { known, samples })
  }
  for (const [at, row] of cast.globals.entries()) await make(row, null, at)
  for (const side of SIDES) {
    const rows = cast.rows.filter((row) => row.side === side)
    const chosen = side === 'b' && variant === 'other' ? cast.otherRows : rows
    const present = side === 'b' && variant === 'bare' ? [] : chosen
    for (const [at, row] of present.entries()) await make(row, businesses[side].id, at)
  }
  if (samples.lessons > lessons) throw new SamplesLearned()
}

interface RowMeans {
  readonly known: KnownIds
  readonly samples: Samples
}

/** Makes a row. What is refused is tried again with other values, of which the samples learn. @throws {SampleError} if all are refused */
async function makeRow(ctx: Context, row: CastRow, { known, samples }: RowMeans): Promise<void> {
  const { model, id, isBinned } = row
  let { values } = row
  for (let attempt = 1; ; attempt++) {
    const written = JSON.parse(known.written(JSON.stringify(values))) as object // as: the values of a row
    try {
      await ctx.query(model).create({ ...written, id } as never) // as: each value is one that its field takes
      break
    } catch (error) {
      if (!samples.learnFrom(model, error, makingOf(row, attempt))) throw refused(row, error)
      values = remade(row, samples, attempt)
    }
  }
  if (!isBinned) return
  try {
    // as: every model has an id
    await ctx
      .query(model)
      .filter({ id } as never)
      .delete()
  } catch (error) {
    throw new SampleError(`Cannot delete a row of ${model.label} for the isolation suite: ${reasonOf(error)}`, {
      cause: error,
    })
  }
}

/** Numbers of which no other row or body has one. */
const makingOf = ({ key, side }: CastRow, attempt: number): Making => ({
  mark: MARKS[side],
  number: 400_000 + attempt * 100 + Number(key.split('/').at(-1) || 0),
})

/** The same row with other values, where it does not point to others. */
function remade(row: CastRow, samples: Samples, attempt: number): CastRow['values'] {
  const { model, values } = row
  const making = makingOf(row, attempt)
  const pointing = pointingFields(model)
  const others = Object.entries(values).map(([name, value]) => {
    const column = model.columns.get(name)
    return [name, column && !pointing.has(name) ? samples.value(model, column, making) : value]
  })
  return samples.fitted(model, Object.fromEntries(others))
}

function refused({ model, values }: CastRow, error: unknown): SampleError {
  const named = error instanceof ApiError ? Object.keys(error.errors) : []
  const pointing = pointingFields(model)
  const field = named.find((name) => name in values && !pointing.has(name)) ?? Object.keys(values)[0] ?? 'field'
  return new SampleError(
    `Cannot make a row of ${model.label} for the isolation suite: ${reasonOf(error)} ${howToSupply(model.label, field)}`,
    { cause: error },
  )
}

function reasonOf(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error)
  const fields = Object.entries(error.errors).map(([name, messages]) => `${name}: ${messages.join(' ')}`)
  return fields.length > 0 ? fields.join('; ') : error.message
}

/** Ids that PostgreSQL counts up begin far above those that were given, as they do elsewhere by themselves. */
async function countFromAfar({ store }: BuiltServer): Promise<void> {
  const { database, registry } = store
  if (database.dialect !== 'postgresql') return
  for (const { table, idKind } of registry.models.filter(({ scope }) => scope === 'business')) {
    if (idKind !== 'bigint') continue
    await database.execute({ sql: `select setval(pg_get_serial_sequence('"${table}"', 'id'), 10000000000)` })
  }
}
