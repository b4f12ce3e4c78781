import type { TestDatabase, TestDatabaseSource } from '../../../db/index.ts'
import type { Attack } from '../attack.ts'
import { type Cast, makeCast, type Variant } from '../cast.ts'
import { endTokens } from '../end-tokens.ts'
import { systematicAttacks } from '../operators.ts'
import type { Population } from '../populate.ts'
import { Proof } from '../proof.ts'
import type { ProofTarget } from '../proof-target.ts'
import { Random } from '../random.ts'
import { Samples, type SuppliedSamples } from '../samples.ts'
import { withSamples } from '../samples-learned.ts'
import { Scene } from '../scene.ts'
import { type Snapshot, takeSnapshot } from '../snapshot.ts'
import { makeWorld, openWorld, type World } from '../world.ts'
import type { Occasions, Plant } from './plant.ts'
import { PLANTS } from './plants.ts'

export interface TryOptions {
  readonly target: ProofTarget
  readonly source: TestDatabaseSource
  readonly seed: number
  readonly apps: readonly string[] | null
  readonly plants?: readonly Plant[]
  /** What the project says that its fields take. */
  readonly supplied?: SuppliedSamples
}

export interface PlantOutcome {
  readonly name: string
  /** `idle`: what was taken away never came into play, since the project does not use it. */
  readonly verdict: 'caught' | 'missed' | 'idle'
  /** What turned the proof red. */
  readonly by: string | null
  readonly attacks: number
}

const MOST_LIKELY = 1500

/** The greater part of all attacks, and one like another. */
const isFilter = ({ operator }: Attack): boolean => operator.startsWith('foreign value')

/** Takes protections away one at a time, each from a server and a database of its own, and sees what the proof says. */
export async function tryPlants(options: TryOptions): Promise<PlantOutcome[]> {
  const garden = await Garden.lay(options)
  const outcomes: PlantOutcome[] = []
  try {
    for (const plant of options.plants ?? PLANTS) {
      if (plant.dialects?.includes(options.source.name) === false) continue
      outcomes.push(await garden.tryOne(plant))
    }
  } finally {
    await garden.clear()
  }
  return outcomes
}

interface Plot {
  readonly variant: Variant
  readonly population: Population
  /** With all tokens alive. */
  readonly early: Snapshot
  /** With those ended that are to be dead. */
  readonly late: Snapshot
}

/** Two worlds as they were made, to be planted again and again. */
class Garden {
  readonly #options: TryOptions
  readonly #cast: Cast
  readonly #plots: readonly Plot[]

  private constructor(options: TryOptions, cast: Cast, plots: readonly Plot[]) {
    this.#options = options
    this.#cast = cast
    this.#plots = plots
  }

  static async lay(options: TryOptions): Promise<Garden> {
    const registry = await options.target.registry()
    const samples = new Samples(registry, options.supplied)
    return withSamples(() => Garden.#plotted(options, makeCast(registry, samples)))
  }

  static async #plotted(options: TryOptions, cast: Cast): Promise<Garden> {
    const { target, source } = options
    const plots: Plot[] = []
    const garden = new Garden(options, cast, plots)
    for (const variant of ['full', 'bare'] as const) {
      const database = await source.create()
      try {
        plots.push(await layPlot({ target, database, cast, variant }))
      } catch (error) {
        await garden.clear()
        throw error
      } finally {
        await database.drop()
      }
    }
    return garden
  }

  async clear(): Promise<void> {
    for (const { early, late } of this.#plots) {
      await early.drop()
      await late.drop()
    }
  }

  async tryOne(plant: Plant): Promise<PlantOutcome> {
    const occasions: Occasions = { count: 0 }
    const outcome = await this.#redBy(plant, occasions)
    const verdict = outcome.by !== null ? 'caught' : occasions.count === 0 ? 'idle' : 'missed'
    return { name: plant.name, verdict, ...outcome }
  }

  async #redBy(plant: Plant, occasions: Occasions): Promise<Pick<PlantOutcome, 'by' | 'attacks'>> {
    const databases: TestDatabase[] = []
    const worlds: World[] = []
    const undo = plant.inRouters?.(await this.#options.target.routers(), occasions)
    try {
      for (const plot of this.#plots) worlds.push(await this.#open(plot, { plant, occasions, databases }))
      return await this.#prove(worlds, { plant, occasions })
    } finally {
      // Not before: some of what is declared is worked out with the first request.
      undo?.()
      for (const world of worlds) await world.close()
      for (const database of databases) await database.drop()
    }
  }

  async #open(plot: Plot, { plant, occasions, databases }: Planting): Promise<World> {
    const tokensEnded = plant.endsTokensLate !== true
    const database = await (tokensEnded ? plot.late : plot.early).open()
    databases.push(database)
    await plant.inSchema?.(database.database, occasions)
    const { businesses } = plot.population
    const world = { target: this.#options.target, database, cast: this.#cast, variant: plot.variant, tokensEnded }
    return openWorld(world, plot.population, (built) => plant.inServer?.({ built, businesses, occasions }))
  }

  async #prove(
    [full, ...others]: readonly World[],
    { plant, occasions }: Omit<Planting, 'databases'>,
  ): Promise<Pick<PlantOutcome, 'by' | 'attacks'>> {
    if (!full) throw new TypeError('There is no world to attack')
    const proof = await Proof.begin({ worlds: [full, ...others], cast: this.#cast, mostLeaks: 1 })
    // What came into play while the worlds were opened says nothing of what the attacks could find.
    if (plant.inServer) occasions.count = 0
    const { apps, seed } = this.#options
    const endpoints = full.built.endpoints.filter(({ tag }) => apps === null || apps.includes(tag))
    const attacks = [...systematicAttacks(new Scene(full.built.store.registry, this.#cast, endpoints))]
    const isLikely = plant.isLikely ?? (({ operator }) => operator === 'plain request')
    const random = new Random(seed)
    await proof.attack(random.some(attacks.filter(isLikely), MOST_LIKELY))
    for (const isLast of [false, true]) {
      const some = attacks.filter((attack) => isFilter(attack) === isLast)
      // What has not come into play by now is not used here.
      if (isLast && occasions.count === 0) break
      await proof.attack(random.some(some, some.length))
    }
    proof.end()
    const [leak] = proof.leaks
    return { by: leak ? `${leak.attack.slice(0, 120)}: ${leak.fault.slice(0, 160)}` : null, attacks: proof.attacks }
  }
}

interface Planting {
  readonly plant: Plant
  readonly occasions: Occasions
  readonly databases: TestDatabase[]
}

interface PlotParts {
  readonly target: ProofTarget
  readonly database: TestDatabase
  readonly cast: Cast
  readonly variant: Variant
}

async function layPlot(parts: PlotParts): Promise<Plot> {
  const { target, database, variant } = parts
  const population = await makeWorld(parts)
  const early = await takeSnapshot(database)
  const built = await target.build(database.options)
  try {
    await endTokens({ built, url: null, population })
  } finally {
    await built.server.close()
  }
  return { variant, population, early, late: await takeSnapshot(database) }
}
