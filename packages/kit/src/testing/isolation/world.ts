import { newId } from '../../base/index.ts'
import { type Context, createContext, type Database, type DatabaseOptions, type TestDatabase } from '../../db/index.ts'
import type { BuiltServer } from '../../manage/index.ts'
import type { Cast, Side, Variant } from './cast.ts'
import { CLIENTS, type ClientName, type Credential } from './clients.ts'
import { CrossingWatch } from './crossings.ts'
import { endTokens } from './end-tokens.ts'
import { KnownIds } from './known-ids.ts'
import { type Population, populate } from './populate.ts'
import type { ProofTarget } from './proof-target.ts'
import { settableClock } from './settable-clock.ts'

/** A server with its database, in which the attacker's business is the same as in every other world. */
export interface World {
  readonly variant: Variant
  readonly url: string
  readonly built: BuiltServer
  readonly crossings: CrossingWatch
  /** The database by itself, past every wall. */
  readonly bare: Database
  readonly ids: KnownIds
  readonly businesses: Readonly<Record<Side | 'd', string>>
  readonly credentials: ReadonlyMap<ClientName, Credential>
  /** Of somebody who works in the victim's business; null where there is nobody. */
  readonly victimToken: string | null
  /** A context inside a business, or outside any. */
  context(business: string | null): Context
  /** What time it is for what is written from now on. */
  setClock(nowMs: number): void
  close(): Promise<void>
}

export interface WorldOptions {
  /** Settings of the database that the world is served with, other than those that it was made with. */
  readonly served?: Partial<DatabaseOptions>
  readonly target: ProofTarget
  readonly database: TestDatabase
  readonly cast: Cast
  readonly variant: Variant
  /** Whether the tokens that are to be dead were ended before. */
  readonly tokensEnded?: boolean
}

/** Takes a protection away from a server, before it listens. */
export type Tamper = (built: BuiltServer) => Promise<void> | void

/** Makes the tables, the people and the rows of a world in an empty database. */
export async function makeWorld(options: WorldOptions): Promise<Population> {
  const { target, cast, variant } = options
  await target.prepare(options.database.database)
  const built = await target.build(options.database.options)
  try {
    const url = await built.server.listen({ host: '127.0.0.1', port: 0 })
    return await populate({ built, url, cast, variant, accounts: await target.accounts() })
  } finally {
    await built.server.close()
  }
}

/** Serves a world that has been made, and ends the tokens that are to be dead. */
export async function openWorld(options: WorldOptions, population: Population, tamper?: Tamper): Promise<World> {
  const built = await options.target.build({ ...options.database.options, ...options.served })
  try {
    const crossings = new CrossingWatch(built)
    await tamper?.(built)
    const url = await built.server.listen({ host: '127.0.0.1', port: 0 })
    if (options.tokensEnded !== true) await endTokens({ built, url, population })
    return runningWorld(options, population, { built, url, crossings })
  } catch (error) {
    await built.server.close()
    throw error
  }
}

interface Served {
  readonly built: BuiltServer
  readonly url: string
  readonly crossings: CrossingWatch
}

function runningWorld(
  { variant, database }: WorldOptions,
  { ids, businesses, tokens, victimToken }: Population,
  { built, url, crossings }: Served,
): World {
  const credentials = new Map(CLIENTS.map((name) => [name, tokens.get(name) ?? guest(name)]))
  const clock = settableClock(built)
  return {
    variant,
    url,
    built,
    crossings,
    bare: database.database,
    ids: new KnownIds(ids),
    businesses,
    victimToken,
    credentials,
    context: (business) => createContext(built.store, { actor: null, business, requestId: newId() }),
    setClock: clock,
    close: () => built.server.close(),
  }
}

const guest = (name: ClientName): Credential => ({ name, token: null, principal: null, isDead: false })
