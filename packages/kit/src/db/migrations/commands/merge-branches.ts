import { createHash } from 'node:crypto'
import type { NewMigration } from '../detection/index.ts'
import type { LoadedMigration, MigrationGraph } from '../history/index.ts'
import { MigrationError } from '../migration-error.ts'
import type { Operation } from '../operations/index.ts'
import { reachOf } from '../squash/index.ts'

export interface MergeOptions {
  /** The apps to look at, by default all. */
  readonly names: readonly string[]
  /** A name without its number. */
  readonly name?: string
}

export interface Merge {
  readonly migration: NewMigration
  /** What the branches do, as lines to print. */
  readonly lines: readonly string[]
}

interface Branch {
  readonly leaf: LoadedMigration
  readonly operations: readonly Operation[]
}

/**
 * The migrations that join the branches of apps which have several.
 *
 * @throws {MigrationError} if two branches change the same: which of them is right, only a human knows
 */
export function mergeBranches(graph: MigrationGraph, { names, name }: MergeOptions): Merge[] {
  const apps = [...new Set(graph.ordered.map(({ app }) => app))].sort()
  return apps
    .filter((app) => (names.length === 0 || names.includes(app)) && graph.leaves(app).length > 1)
    .map((app) => mergeOf(graph, app, name))
}

function mergeOf(graph: MigrationGraph, app: string, name: string | undefined): Merge {
  const branches = branchesOf(graph, app)
  assertApart(app, branches)
  const leaves = branches.map(({ leaf }) => leaf.name)
  const highest = Math.max(...leaves.map((leaf) => Number(/^\d+/.exec(leaf)?.[0] ?? 0)))
  const number = String(highest + 1).padStart(4, '0')
  return {
    migration: {
      app,
      name: `${number}_${name ?? mergeName(leaves)}`,
      isInitial: false,
      dependencies: leaves.map((leaf) => [app, leaf]),
      operations: [],
    },
    lines: [
      `Merging ${app}`,
      ...branches.flatMap(({ leaf, operations }) => [
        `  Branch ${leaf.name}`,
        ...operations.map((operation) => `    - ${operation.describe()}`),
      ]),
    ],
  }
}

/** What each end has that not all of them have. */
function branchesOf(graph: MigrationGraph, app: string): Branch[] {
  const leaves = graph.leaves(app).toSorted((left, right) => (left.name < right.name ? -1 : 1))
  const ways = leaves.map((leaf) => graph.withAncestors([leaf]).filter((migration) => migration.app === app))
  const isShared = (migration: LoadedMigration): boolean => ways.every((way) => way.includes(migration))
  return leaves.map((leaf, index) => ({
    leaf,
    operations: (ways[index] ?? []).filter((each) => !isShared(each)).flatMap(({ operations }) => operations),
  }))
}

const MAX_NAME = 47

function mergeName(leaves: readonly string[]): string {
  const joined = leaves.join('_')
  if (joined.length <= MAX_NAME) return `merge_${joined}`
  return `merge_${createHash('sha256').update(joined).digest('hex').slice(0, 8)}`
}

function assertApart(app: string, branches: readonly Branch[]): void {
  for (const [index, left] of branches.entries()) {
    for (const right of branches.slice(index + 1)) {
      for (const one of left.operations) {
        const other = right.operations.find((operation) => collide(one, operation, app))
        if (other) throw collision(app, [left, one], [right, other])
      }
    }
  }
}

const FIELD_OPERATIONS: readonly string[] = ['addField', 'removeField', 'alterField', 'renameField']

/** Whether both are about one field, one model as a whole, or are the very same. What nobody knows is let pass. */
function collide(left: Operation, right: Operation, app: string): boolean {
  const [one, other] = [reachOf(left, app), reachOf(right, app)]
  if (!one || !other) return false
  const isStructural = [...one.structural].some((label) => other.structural.has(label) || other.altered === label)
  if (isStructural || (one.altered !== null && other.structural.has(one.altered))) return true
  if (one.altered === null || one.altered !== other.altered) return false
  if (left.name === right.name && JSON.stringify(left.args) === JSON.stringify(right.args)) return true
  const isOfField = [left, right].some(({ name }) => FIELD_OPERATIONS.includes(name))
  return isOfField && [...one.words].some((word) => other.words.has(word))
}

type Side = readonly [Branch, Operation]

function collision(app: string, [left, one]: Side, [right, other]: Side): MigrationError {
  return new MigrationError(
    `Cannot merge ${app}: two branches change the same.\n  ${left.leaf.name}: ${one.describe()}\n  ${right.leaf.name}: ${other.describe()}\nLet one of them depend on the other, and say in the later one what is to be done.`,
  )
}
