import type { TestDatabaseSource } from '../../db/index.ts'
import { type Cast, makeCast, type Variant } from './cast.ts'
import { codeAttacks } from './code-attacks.ts'
import type { MissingWall } from './missing-walls.ts'
import { systematicAttacks } from './operators.ts'
import { type Leak, Proof } from './proof.ts'
import type { ProofTarget } from './proof-target.ts'
import { Random } from './random.ts'
import { randomAttacks } from './random-attacks.ts'
import { Samples, type SuppliedSamples } from './samples.ts'
import { withSamples } from './samples-learned.ts'
import { Scene } from './scene.ts'
import { makeWorld, openWorld, type World } from './world.ts'

export interface ProveOptions {
  readonly target: ProofTarget
  readonly source: TestDatabaseSource
  /** How many attacks: those of the operators, or as many of them as there is room for, then random ones. */
  readonly attacks: number
  readonly seed: number
  /** Only the endpoints of these apps; null: all. */
  readonly apps: readonly string[] | null
  /** What the project says that its fields take. */
  readonly supplied?: SuppliedSamples
  /** What is missing, where the proof must hold without it. */
  readonly without?: MissingWall
}

/** What came of an attempt to reach the rows of another business. */
export interface ProofReport {
  readonly database: string
  readonly attacks: number
  readonly seconds: number
  readonly seed: number
  readonly leaks: readonly Leak[]
  /** Endpoints that have answered nobody well, so that nothing is known of them. */
  readonly unproved: readonly string[]
}

const VARIANTS = ['full', 'bare', 'other'] as const satisfies readonly Variant[]
const MOST_LEAKS = 10
/** The part of the attacks that the operators may take at the most. */
const SYSTEMATIC = 0.8

/** Builds three worlds that differ in the victim's rows alone, and attacks them with one and the same requests. */
export async function prove(options: ProveOptions): Promise<ProofReport> {
  const beganMs = Date.now()
  const { source, seed } = options
  const registry = await options.target.registry()
  const samples = new Samples(registry, options.supplied)
  const stages = await withSamples(() => openStages(options, makeCast(registry, samples)))
  try {
    const [full, ...others] = stages
    if (!full) throw new TypeError('There is no world to attack')
    const worlds = [full.world, ...others.map(({ world }) => world)] as const
    const proof = await Proof.begin({ worlds, cast: full.cast, mostLeaks: MOST_LEAKS })
    const scene = sceneOf(full, options)
    const random = new Random(seed)
    await proof.attackByCode(codeAttacks(scene))
    await proof.attack(random.some([...systematicAttacks(scene)], Math.ceil(options.attacks * SYSTEMATIC)))
    await proof.attack(randomAttacks(scene, random), options.attacks - proof.attacks)
    proof.end()
    const { attacks, leaks, answered } = proof
    const unproved = scene.endpoints.filter(({ model, operation }) => model !== null && !answered.has(operation))
    return {
      database: source.name,
      attacks,
      seconds: (Date.now() - beganMs) / 1000,
      seed,
      leaks,
      unproved: unproved.map(({ operation }) => operation),
    }
  } finally {
    for (const { close } of stages) await close()
  }
}

interface Stage {
  readonly cast: Cast
  readonly world: World
  readonly close: () => Promise<void>
}

async function openStages(options: ProveOptions, cast: Cast): Promise<Stage[]> {
  const stages: Stage[] = []
  try {
    for (const variant of VARIANTS) stages.push(await openStage(options, { variant, cast }))
    return stages
  } catch (error) {
    for (const { close } of stages) await close()
    throw error
  }
}

async function openStage(
  { target, source, without }: ProveOptions,
  { variant, cast }: { readonly variant: Variant; readonly cast: Cast },
): Promise<Stage> {
  const database = await source.create()
  try {
    const parts = { target, database, cast, variant, ...(without?.served && { served: without.served }) }
    const population = await makeWorld(parts)
    await without?.inSchema?.(database.database)
    const world = await openWorld(parts, population, without?.inServer)
    const close = async (): Promise<void> => {
      await world.close()
      await database.drop()
    }
    return { cast, world, close }
  } catch (error) {
    await database.drop()
    throw error
  }
}

function sceneOf({ world, cast }: Stage, { apps }: ProveOptions): Scene {
  const { store, endpoints } = world.built
  return new Scene(
    store.registry,
    cast,
    endpoints.filter(({ tag }) => apps === null || apps.includes(tag)),
  )
}
