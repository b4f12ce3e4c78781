import { MigrationError } from '../migration-error.ts'
import { ProjectState } from '../project-state.ts'
import type { LoadedMigration } from './loaded-migration.ts'
import { keyOf } from './migration-app.ts'

/** The migrations of a project and what each depends on. */
export class MigrationGraph {
  /** All of them, each behind what it depends on. */
  readonly ordered: readonly LoadedMigration[]
  readonly #byKey: ReadonlyMap<string, LoadedMigration>
  readonly #children: ReadonlyMap<string, readonly LoadedMigration[]>

  constructor(migrations: readonly LoadedMigration[]) {
    const sorted = migrations.toSorted((left, right) => (left.key < right.key ? -1 : 1))
    this.#byKey = new Map(sorted.map((migration) => [migration.key, migration]))
    this.#children = this.#findChildren(sorted)
    this.ordered = this.#dependencyOrder(sorted)
  }

  get(app: string, name: string): LoadedMigration {
    const migration = this.#byKey.get(keyOf(app, name))
    if (migration) return migration
    throw new MigrationError(`Cannot find a migration matching '${name}' from app '${app}'.`)
  }

  ofApp(app: string): LoadedMigration[] {
    return this.ordered.filter((migration) => migration.app === app)
  }

  has(key: string): boolean {
    return this.#byKey.has(key)
  }

  /** What a migration depends on directly. */
  parents(migration: LoadedMigration): LoadedMigration[] {
    return migration.dependencies.map(([app, name]) => this.get(app, name))
  }

  /** What depends on a migration directly. */
  children(migration: LoadedMigration): readonly LoadedMigration[] {
    return this.#children.get(migration.key) ?? []
  }

  /** The migrations of an app that none of the same app depends on: one, unless two branches were merged. */
  leaves(app: string): LoadedMigration[] {
    return this.ofApp(app).filter((migration) => !this.children(migration).some((child) => child.app === app))
  }

  /** The migration with all that it depends on, in the order in which they are applied. */
  withAncestors(migrations: readonly LoadedMigration[]): LoadedMigration[] {
    const found = this.#reach(migrations, (migration) => this.parents(migration))
    return this.ordered.filter((migration) => found.has(migration))
  }

  /** The migrations with all that depends on them, in the order in which they are unapplied. */
  withDescendants(migrations: readonly LoadedMigration[]): LoadedMigration[] {
    const found = this.#reach(migrations, (migration) => this.children(migration))
    return this.ordered.filter((migration) => found.has(migration)).reverse()
  }

  /** Whether a migration stands before another in the order in which they are applied. */
  isBefore(migration: LoadedMigration, other: LoadedMigration | undefined): boolean {
    return other !== undefined && this.ordered.indexOf(migration) < this.ordered.indexOf(other)
  }

  /** The models after all of the migrations that `isCounted` says yes to. */
  stateOf(isCounted: (migration: LoadedMigration) => boolean = () => true): ProjectState {
    return this.ordered.filter(isCounted).reduce((state, migration) => stateAfter(migration, state), ProjectState.empty)
  }

  /** @throws {MigrationError} if an app has two ends, so that the next migration would not know which it follows */
  assertNoConflicts(): void {
    const apps = [...new Set(this.ordered.map((migration) => migration.app))]
    const conflicts = apps.flatMap((app) => {
      const leaves = this.leaves(app)
      return leaves.length > 1 ? [`${leaves.map((leaf) => leaf.name).join(', ')} in ${app}`] : []
    })
    if (conflicts.length === 0) return
    throw new MigrationError(
      `Conflicting migrations detected; multiple leaf nodes in the migration graph: (${conflicts.join('; ')}).\nTo fix them run 'node manage.ts makemigrations --merge'`,
    )
  }

  #findChildren(migrations: readonly LoadedMigration[]): Map<string, LoadedMigration[]> {
    const children = new Map<string, LoadedMigration[]>()
    for (const migration of migrations) {
      for (const [app, name] of migration.dependencies) {
        const key = keyOf(app, name)
        if (!this.#byKey.has(key)) {
          throw new MigrationError(
            `Migration ${migration.key} dependencies reference nonexistent parent node ('${app}', '${name}')`,
          )
        }
        children.set(key, [...(children.get(key) ?? []), migration])
      }
    }
    return children
  }

  #dependencyOrder(migrations: readonly LoadedMigration[]): LoadedMigration[] {
    const ordered = new Set<LoadedMigration>()
    const entered: LoadedMigration[] = []
    const visit = (migration: LoadedMigration): void => {
      if (ordered.has(migration)) return
      if (entered.includes(migration)) {
        const circle = [...entered.slice(entered.indexOf(migration)), migration]
        throw new MigrationError(`CircularDependencyError: ${circle.map((each) => each.key).join(', ')}`)
      }
      entered.push(migration)
      for (const parent of this.parents(migration)) visit(parent)
      entered.pop()
      ordered.add(migration)
    }
    for (const migration of migrations) visit(migration)
    return [...ordered]
  }

  #reach(
    start: readonly LoadedMigration[],
    next: (migration: LoadedMigration) => readonly LoadedMigration[],
  ): Set<LoadedMigration> {
    const found = new Set(start)
    for (const migration of found) for (const other of next(migration)) found.add(other)
    return found
  }
}

/** The models after a migration. @throws {MigrationError} naming the operation that does not fit them */
export function stateAfter(migration: LoadedMigration, state: ProjectState): ProjectState {
  return statesOf(migration, state).at(-1) ?? state
}

/** The models before the first operation of a migration and after each of them. */
export function statesOf(migration: LoadedMigration, state: ProjectState): ProjectState[] {
  const states = [state]
  let current = state
  for (const operation of migration.operations) {
    try {
      current = operation.stateForwards(current, migration.app)
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new MigrationError(`Migration ${migration.key}, "${operation.describe()}": ${reason}`, { cause })
    }
    states.push(current)
  }
  return states
}
