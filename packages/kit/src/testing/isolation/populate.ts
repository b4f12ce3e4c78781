import type { Principal } from '../../auth/index.ts'
import { newId } from '../../base/index.ts'
import { type Context, createContext } from '../../db/index.ts'
import type { Accounts, BuiltServer, Named } from '../../manage/index.ts'
import { createMake, type MadeUser, type Make } from '../make.ts'
import { signIn } from '../test-project.ts'
import { type Cast, type CastRow, type CastUser, SIDES, type Side, type Variant } from './cast.ts'
import { CASTINGS, type Casting, type ClientName, type Credential } from './clients.ts'
import { KnownIds } from './known-ids.ts'
import { MARKS, markedWord } from './marked-values.ts'
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
  const make = async (row: CastRow, business: string | null, at: number): Promise<void> => {
    setClock(BEGINNINGS[row.side] + at * 60_000)
    await makeRow(contextIn(built, business), row, known)
  }
  for (const [at, row] of cast.globals.entries()) await make(row, null, at)
  for (const side of SIDES) {
    const rows = cast.rows.filter((row) => row.side === side)
    const chosen = side === 'b' && variant === 'other' ? cast.otherRows : rows
    const present = side === 'b' && variant === 'bare' ? [] : chosen
    for (const [at, row] of present.entries()) await make(row, businesses[side].id, at)
  }
}

async function makeRow(ctx: Context, { model, key, id, values, isBinned }: CastRow, known: KnownIds): Promise<void> {
  const written = JSON.parse(known.written(JSON.stringify(values))) as object // as: the values of a row
  const given = { ...written, id }
  try {
    // as: each value is one that its field takes
    await ctx.query(model).create(given as never)
    if (isBinned) {
      await ctx
        .query(model)
        .filter({ id } as never) // as: every model has an id
        .delete()
    }
  } catch (error) {
    throw new TypeError(`Cannot make the row ${key} of ${JSON.stringify(given)}`, { cause: error })
  }
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
