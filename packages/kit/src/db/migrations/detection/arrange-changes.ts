import type { MigrationReference } from '../migration.ts'
import { MigrationError } from '../migration-error.ts'
import type { Operation } from '../operations/index.ts'
import { migrationName } from './migration-name.ts'
import { appOfFact, type PlannedOperation } from './planned-operation.ts'

/** A migration that is to be written. */
export interface NewMigration {
  readonly app: string
  readonly name: string
  readonly isInitial: boolean
  readonly dependencies: readonly MigrationReference[]
  readonly operations: readonly Operation[]
}

export interface ArrangeOptions {
  /** The names of the last migration of each app that has one. */
  readonly leaves: ReadonlyMap<string, string>
  /** A name without its number, for all of them. */
  readonly name?: string
}

/**
 * Puts operations into migrations, one for each app where that is possible: an app is cut in two where another app has to
 * come in between.
 */
export function arrangeChanges(operations: readonly PlannedOperation[], options: ArrangeOptions): NewMigration[] {
  const arrangement = new Arrangement(operations, options)
  while (!arrangement.isDone) {
    if (!arrangement.takeApps({ whole: true }) && !arrangement.takeApps({ whole: false })) {
      throw new MigrationError('Cannot arrange the changes: the apps need each other in a circle')
    }
  }
  return arrangement.migrations
}

class Arrangement {
  readonly migrations: NewMigration[] = []
  readonly #options: ArrangeOptions
  readonly #pending: Map<string, PlannedOperation[]>
  readonly #providers: ReadonlyMap<string, PlannedOperation>
  readonly #places = new Map<PlannedOperation, MigrationReference>()

  constructor(operations: readonly PlannedOperation[], options: ArrangeOptions) {
    this.#options = options
    const byApp = Map.groupBy(operations, (planned) => planned.app)
    this.#pending = new Map([...byApp].sort(([left], [right]) => (left < right ? -1 : 1)))
    this.#providers = new Map(operations.flatMap((planned) => planned.provides.map((provided) => [provided, planned])))
  }

  get isDone(): boolean {
    return this.#pending.size === 0
  }

  /** Makes a migration of each app that can have one, whole or as far as it goes. Answers whether there was any. */
  takeApps({ whole }: { readonly whole: boolean }): boolean {
    let hasTaken = false
    for (const [app, operations] of this.#pending) {
      const blocked = operations.findIndex((planned) => !this.#isReady(planned))
      const count = blocked < 0 ? operations.length : blocked
      if (count === 0 || (whole && blocked >= 0)) continue
      this.#take(app, operations.slice(0, count))
      if (blocked < 0) this.#pending.delete(app)
      else this.#pending.set(app, operations.slice(count))
      hasTaken = true
      // A cut is the last resort: look first whether it has freed whole apps.
      if (!whole) return true
    }
    return hasTaken
  }

  #isReady({ app, needs }: PlannedOperation): boolean {
    return needs.every((need) => {
      const provider = this.#providers.get(need)
      return !provider || provider.app === app || this.#places.has(provider)
    })
  }

  #take(app: string, planned: readonly PlannedOperation[]): void {
    const last = this.#lastOf(app)
    const operations = planned.map(({ operation }) => operation)
    const suggested = last === undefined ? 'initial' : migrationName(operations)
    const name = `${nextNumber(last)}_${this.#options.name ?? suggested}`
    const own: MigrationReference[] = last === undefined ? [] : [[app, last]]
    const others = planned.flatMap(({ needs }) => needs.flatMap((need) => this.#dependency(app, need)))
    const dependencies = [...own, ...unique(others)]
    this.migrations.push({ app, name, isInitial: last === undefined, dependencies, operations })
    for (const each of planned) this.#places.set(each, [app, name])
  }

  #lastOf(app: string): string | undefined {
    return this.migrations.findLast((migration) => migration.app === app)?.name ?? this.#options.leaves.get(app)
  }

  /** The migration of another app that makes a fact true, as a list to spread. */
  #dependency(app: string, need: string): MigrationReference[] {
    const provider = this.#providers.get(need)
    const place = provider ? this.#places.get(provider) : this.#existing(need)
    return place && place[0] !== app ? [place] : []
  }

  #existing(need: string): MigrationReference | undefined {
    const app = appOfFact(need)
    const leaf = app === null ? undefined : this.#options.leaves.get(app)
    return app === null || leaf === undefined ? undefined : [app, leaf]
  }
}

function unique(references: readonly MigrationReference[]): MigrationReference[] {
  const byText = new Map(references.map((reference) => [reference.join('.'), reference]))
  return [...byText].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, reference]) => reference)
}

/** The number behind that of a migration: `0002` for `0001_initial`. */
export function nextNumber(name: string | undefined): string {
  const number = Number(/^\d+/.exec(name ?? '')?.[0] ?? 0)
  return String(number + 1).padStart(4, '0')
}
