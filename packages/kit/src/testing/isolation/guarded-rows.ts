import { type AnyModel, type DriverValue, EVERY_BUSINESS, foreignKeys, type RawValue } from '../../db/index.ts'
import { type Cast, isUser, placeholder } from './cast.ts'
import { linksOf } from './model-order.ts'
import type { World } from './world.ts'

interface GuardedTable {
  readonly model: AnyModel
  readonly before: string
}

interface OwnTable {
  readonly model: AnyModel
  readonly columns: readonly string[]
  readonly rows: readonly RawValue[][]
}

/**
 * The rows of one world, as they were: those of other businesses must stay so, those of the attacker are put back
 * between two batches of attacks. It looks at the tables by bare SQL, past every wall.
 */
export class GuardedRows {
  readonly #world: World
  readonly #guarded: readonly GuardedTable[]
  readonly #own: readonly OwnTable[]
  readonly #pointers: string

  private constructor(world: World, facts: { guarded: GuardedTable[]; own: OwnTable[]; pointers: string }) {
    this.#world = world
    this.#guarded = facts.guarded
    this.#own = facts.own
    this.#pointers = facts.pointers
  }

  static async of(world: World, cast: Cast): Promise<GuardedRows> {
    const links = [...linksOf(world.built.store.registry)]
    const guarded: GuardedTable[] = []
    for (const model of [...cast.models, ...links]) guarded.push({ model, before: await foreignRows(world, model) })
    const own: OwnTable[] = []
    for (const model of cast.models) own.push(await ownRows(world, model))
    return new GuardedRows(world, { guarded, own, pointers: await foreignPointers(world, cast.models) })
  }

  /** What is not as it was, in words; null: everything is. */
  async change(): Promise<string | null> {
    for (const { model, before } of this.#guarded) {
      const now = await foreignRows(this.#world, model)
      if (now !== before)
        return `rows of ${model.label} that are not the attacker's have changed: ${firstDifference(before, now)}`
    }
    const pointers = await foreignPointers(
      this.#world,
      this.#own.map(({ model }) => model),
    )
    return pointers === this.#pointers ? null : `rows of the attacker point out of their business: ${pointers}`
  }

  /** Puts the rows of the attacker back to what they were. */
  async restore(): Promise<void> {
    const transaction = await this.#world.bare.begin()
    const everywhere = transaction.within(EVERY_BUSINESS)
    const quoted = quoterOf(this.#world)
    const { a } = this.#world.businesses
    for (const { model } of this.#own.toReversed()) {
      const self = foreignKeys(model).filter((key) => this.#world.built.store.registry.target(key) === model)
      for (const { column } of self) {
        const sql = `update ${quoted(model.table)} set ${quoted(column)} = null where business_id = ${parameter(this.#world, 1)}`
        await everywhere.execute({ sql }, [a])
      }
      await everywhere.execute(
        { sql: `delete from ${quoted(model.table)} where business_id = ${parameter(this.#world, 1)}` },
        [a],
      )
    }
    for (const { model, columns, rows } of this.#own) {
      const places = columns.map((_, at) => parameter(this.#world, at + 1)).join()
      const sql = `insert into ${quoted(model.table)} (${columns.map(quoted).join()}) values (${places})`
      for (const row of rows) await everywhere.execute({ sql }, row)
    }
    await transaction.commit()
  }
}

const quoterOf = ({ built }: World) => {
  const quote = built.store.database.dialect === 'mysql' ? '`' : '"'
  return (name: string): string => `${quote}${name}${quote}`
}

const parameter = ({ built }: World, number: number): string =>
  built.store.database.dialect === 'postgresql' ? `$${number}` : '?'

/** Everything in a table but the attacker's rows: a row of no business, or of one that is not, would show here as well. */
async function foreignRows(world: World, model: AnyModel): Promise<string> {
  const sql = `select * from ${quoterOf(world)(model.table)} where business_id <> ${parameter(world, 1)} or business_id is null order by business_id, id`
  return JSON.stringify(await selected(world, sql, [world.businesses.a]), textual)
}

async function ownRows(world: World, model: AnyModel): Promise<OwnTable> {
  // What the database works out by itself it takes from nobody.
  const given = [...model.columns.values()].filter(({ settings }) => !settings.generated)
  const columns = given.map(({ column }) => column)
  const quoted = quoterOf(world)
  const sql = `select ${columns.map(quoted).join()} from ${quoted(model.table)} where business_id = ${parameter(world, 1)} order by id`
  return { model, columns, rows: await selected(world, sql, [world.businesses.a]) }
}

/** How many rows of the attacker point to rows or people of other businesses, table by table: the composite keys forbid the first. */
async function foreignPointers(world: World, models: readonly AnyModel[]): Promise<string> {
  const { registry } = world.built.store
  const quoted = quoterOf(world)
  const found: string[] = []
  for (const model of models) {
    for (const key of foreignKeys(model)) {
      const target = registry.target(key)
      const from = `select count(*) from ${quoted(model.table)} o where o.business_id = ${parameter(world, 1)}`
      const column = `o.${quoted(key.column)}`
      if (target.scope === 'business') {
        const sql = `${from} and ${column} is not null and not exists (select 1 from ${quoted(target.table)} p where p.id = ${column} and p.business_id = o.business_id)`
        found.push(`${model.label}.${key.name} ${await counted(world, sql, [])}`)
      } else if (isUser(target)) {
        const people = ['b/admin', 'b/agent', 'c/admin'].map((name) => world.ids.written(placeholder(name)))
        const places = people.map((_, at) => parameter(world, at + 2)).join()
        found.push(`${model.label}.${key.name} ${await counted(world, `${from} and ${column} in (${places})`, people)}`)
      }
    }
  }
  return found.join(', ')
}

async function counted(world: World, sql: string, values: readonly DriverValue[]): Promise<string> {
  const [row] = await selected(world, sql, [world.businesses.a, ...values])
  return String(row?.[0])
}

async function selected(world: World, sql: string, values: readonly DriverValue[]): Promise<RawValue[][]> {
  return (await world.bare.within(EVERY_BUSINESS).execute({ sql }, values)).rows
}

const textual = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)

function firstDifference(before: string, now: string): string {
  let at = 0
  while (at < before.length && before[at] === now[at]) at++
  const from = Math.max(0, at - 60)
  return `…${before.slice(from, at + 60)}… became …${now.slice(from, at + 60)}…`
}
