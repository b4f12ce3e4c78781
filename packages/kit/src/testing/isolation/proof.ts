import { ApiError } from '../../base/index.ts'
import { TestClient } from '../test-client.ts'
import { differenceOf, faultOf } from './answer-oracle.ts'
import { type Attack, described, isWriting } from './attack.ts'
import type { Cast } from './cast.ts'
import { type CodeAttack, plain } from './code-attacks.ts'
import { GuardedRows } from './guarded-rows.ts'
import { BEGINNINGS } from './populate.ts'
import { schemaFaults } from './schema-oracle.ts'
import { type Treasure, treasureOf } from './treasure.ts'
import { type Answer, requestOf, type SentRequest, Wire } from './wire.ts'
import type { World } from './world.ts'

/** An attack that came through, and how it showed. */
export interface Leak {
  readonly attack: string
  readonly fault: string
}

export interface ProofOptions {
  /** The world that is attacked, then those whose answers must not differ from its. */
  readonly worlds: readonly [World, ...World[]]
  readonly cast: Cast
  /** Leaks after which there is no point in going on. */
  readonly mostLeaks: number
}

interface ProofParts {
  /** Of the attacker's rows as the worlds begin: other ids are new, and another in each. */
  readonly ownIds: ReadonlySet<string>
  readonly treasure: Treasure
  readonly guards: readonly GuardedRows[]
  readonly wires: readonly Wire[]
}

const BATCH = 240
const SEGMENT = 40
const AT_ONCE = 10
const DAY_MS = 86_400_000

/** Attacks worlds and looks at what comes of it. What the attacker has changed is put back after every batch. */
export class Proof {
  readonly leaks: Leak[] = []
  /** Which endpoints have answered somebody well: of others the proof says nothing. */
  readonly answered = new Set<string>()
  attacks = 0
  readonly #options: ProofOptions
  readonly #parts: ProofParts

  private constructor(options: ProofOptions, parts: ProofParts) {
    this.#options = options
    this.#parts = parts
  }

  static async begin(options: ProofOptions): Promise<Proof> {
    const { worlds, cast } = options
    const guards = await Promise.all(worlds.map((world) => GuardedRows.of(world, cast)))
    const wires = worlds.map((world) => new Wire(world))
    for (const world of worlds) await workAsVictim(world)
    worlds[0].crossings.fault()
    const proof = new Proof(options, {
      treasure: await treasureOf(worlds[0], cast),
      guards,
      wires,
      ownIds: ownIdsOf(cast),
    })
    const faults = await schemaFaults(worlds[0].bare, worlds[0].built.store.registry)
    proof.leaks.push(...faults.map((fault) => ({ attack: 'the keys of the tables', fault })))
    return proof
  }

  end(): void {
    for (const wire of this.#parts.wires) wire.close()
  }

  get isOver(): boolean {
    return this.leaks.length >= this.#options.mostLeaks
  }

  /** Makes attacks until there are no more, or `count` are made, or too much has leaked. */
  async attack(attacks: Iterable<Attack>, count = Number.POSITIVE_INFINITY): Promise<void> {
    let batch: Attack[] = []
    let made = 0
    for (const attack of attacks) {
      if (made >= count || this.isOver) break
      batch.push(attack)
      made += 1
      if (batch.length < BATCH) continue
      await this.#batch(batch)
      batch = []
    }
    if (batch.length > 0 && !this.isOver) await this.#batch(batch)
  }

  /** Does the same by the code of an app, in the attacker's business in each world. */
  async attackByCode(attacks: Iterable<CodeAttack>): Promise<void> {
    for (const attack of attacks) {
      if (this.isOver) return
      await this.#makeByCode(attack, ++this.attacks)
      if (!attack.isWriting) continue
      await this.#checkRows([])
      for (const guard of this.#parts.guards) await guard.restore()
    }
  }

  async #makeByCode(attack: CodeAttack, number: number): Promise<void> {
    const given = JSON.stringify(attack.given)
    const known = { has: (id: string) => this.#parts.ownIds.has(id) || given.includes(id) }
    const outcomes: CodeOutcome[] = []
    for (const world of this.#options.worlds) {
      world.setClock(BEGINNINGS.a + DAY_MS + number * 1000)
      const raw = await outcomeOf(attack, world)
      outcomes.push({ world, raw, text: alike(raw, world, known) })
    }
    const [first, ...others] = outcomes
    if (!first) return
    const leaked = this.#parts.treasure.givenAwayTo(given, first.raw)
    const other = others.find(({ text }) => text !== first.text)
    const fault =
      leaked !== null
        ? `gives away ${JSON.stringify(leaked)}: ${first.raw.slice(0, 300)}`
        : other &&
          `tells the worlds ${first.world.variant} and ${other.world.variant} apart: ${first.text.slice(0, 200)} against ${other.text.slice(0, 200)}`
    if (fault) this.leaks.push({ attack: `[code] ${attack.name}`, fault })
  }

  async #batch(batch: readonly Attack[]): Promise<void> {
    for (let at = 0; at < batch.length && !this.isOver; at += SEGMENT)
      await this.#segment(batch.slice(at, at + SEGMENT))
    await this.#checkRows(batch)
    const crossing = this.#options.worlds[0].crossings.fault()
    if (crossing !== null) this.leaks.push({ attack: 'one of the last attacks', fault: crossing })
    for (const guard of this.#parts.guards) await guard.restore()
    for (const { ids } of this.#options.worlds) ids.forget('made/')
    this.#parts.treasure.forgetWritten()
  }

  /** Those that only read are made at once; those that write one by one, so that every world goes the same way. */
  async #segment(segment: readonly Attack[]): Promise<void> {
    const reading = segment.filter((attack) => !isWriting(attack))
    const queue = reading.values()
    const work = async (): Promise<void> => {
      for (const attack of queue) await this.#make(attack)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    for (const attack of segment.filter(isWriting)) await this.#make(attack)
  }

  async #make(attack: Attack): Promise<void> {
    const number = ++this.attacks
    const { worlds } = this.#options
    const [first, ...others] = worlds
    const twins = isWriting(attack) || others.length < 2 ? others : [others[number % others.length] ?? first]
    const [one, ...rest] = await Promise.all([first, ...twins].map((world) => this.#ask(attack, world, number)))
    if (!one) return
    if (one.answer.status < 300) this.answered.add(attack.endpoint.operation)
    const fault =
      faultOf(attack, { ...one, treasure: this.#parts.treasure }) ??
      rest.map((other) => told(one, other)).find((difference) => difference !== null)
    if (fault) this.leaks.push({ attack: described(attack), fault })
  }

  async #ask(attack: Attack, world: World, number: number): Promise<Asked> {
    const sent = requestOf(attack, world)
    if (isWriting(attack)) world.setClock(BEGINNINGS.a + DAY_MS + number * 1000)
    if (isWriting(attack)) this.#parts.treasure.noteWritten(sent.body ?? '')
    const answer = await this.#wireTo(world).send(sent)
    const made = answer.status === 201 ? /\/([^/]+)\/$/.exec(answer.headers.location ?? '')?.[1] : undefined
    if (made !== undefined) world.ids.set(`made/${number}`, made)
    return { world, sent, answer }
  }

  #wireTo(world: World): Wire {
    const wire = this.#parts.wires[this.#options.worlds.indexOf(world)]
    if (!wire) throw new TypeError('This world is not a part of the proof')
    return wire
  }

  async #checkRows(batch: readonly Attack[]): Promise<void> {
    for (const [at, guard] of this.#parts.guards.entries()) {
      const change = await guard.change()
      if (change === null) continue
      const world = this.#options.worlds[at]
      const culprit = world ? await this.#culprit(batch.filter(isWriting), { world, guard }) : null
      this.leaks.push({ attack: culprit ?? 'one of the last attacks', fault: change })
      return
    }
  }

  /** Makes the writing attacks again, one by one, until one changes what must not be changed. */
  async #culprit(
    attacks: readonly Attack[],
    { world, guard }: { readonly world: World; readonly guard: GuardedRows },
  ): Promise<string | null> {
    await guard.restore()
    const anew = await GuardedRows.of(world, this.#options.cast)
    for (const attack of attacks) {
      await this.#ask(attack, world, ++this.attacks)
      if ((await anew.change()) !== null) return described(attack)
    }
    return null
  }
}

/** The victim uses what is served as well: what a server remembers of it must not come up for others. */
async function workAsVictim({ built, url, victimToken }: World): Promise<void> {
  if (victimToken === null) return
  const client = new TestClient(url, victimToken)
  for (const { method, path } of built.endpoints) if (method === 'GET' && !path.includes('/:')) await client.get(path)
}

interface CodeOutcome {
  readonly world: World
  readonly raw: string
  readonly text: string
}

async function outcomeOf(attack: CodeAttack, world: World): Promise<string> {
  try {
    const outcome = await attack.run(world.context(world.businesses.a), world.ids)
    return JSON.stringify(outcome, plain) ?? 'nothing'
  } catch (error) {
    return error instanceof ApiError ? `${error.code} ${error.message} ${JSON.stringify(error.errors)}` : String(error)
  }
}

/** An outcome with one name for whatever is new, and so another in each world. */
function alike(text: string, { ids }: World, known: { readonly has: (id: string) => boolean }): string {
  return ids
    .named(text)
    .replace(/\$argon2[^"]*/g, 'hash')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\b\d{9,}\b/g, (id) => (known.has(id) ? id : 'new'))
}

interface Asked {
  readonly world: World
  readonly sent: SentRequest
  readonly answer: Answer
}

const ownIdsOf = ({ rows }: Cast): ReadonlySet<string> =>
  new Set(rows.filter(({ side }) => side === 'a').map(({ id }) => id))

const told = (one: Asked, other: Asked): string | null =>
  differenceOf([one.world, one.answer], [other.world, other.answer])
