import { Field, isForeignKey } from '../../fields/index.ts'
import type { Argument, Operation } from '../operations/index.ts'

/** What an operation has to do with, as far as it can change places with another. */
export interface Reach {
  /** The models that it creates, deletes or renames. */
  readonly structural: ReadonlySet<string>
  /** The model that it changes. */
  readonly altered: string | null
  /** The models that it points foreign keys to. */
  readonly targets: ReadonlySet<string>
  /** The words in its arguments: its fields among them. */
  readonly words: ReadonlySet<string>
}

/** Where the options of an operation stand that say nothing of what it is about. */
const OPTIONS_AT: Readonly<Record<string, number>> = {
  removeField: 2,
  addUnique: 2,
  addField: 3,
  alterField: 3,
  addCheck: 3,
  alterCheck: 3,
}

const ALL: ReadonlySet<string> = new Set(['*'])

/** Null: nobody knows what it does. */
export function reachOf(operation: Operation, app: string): Reach | null {
  const [name, second] = operation.args ?? []
  const label = (model: Argument | undefined): string => `${app}.${String(model)}`
  const targets = new Set((operation.args ?? []).flatMap(targetsIn))
  const words = new Set((operation.args ?? []).slice(1, OPTIONS_AT[operation.name]).flatMap(wordsIn))
  switch (operation.name) {
    case 'createModel':
    case 'deleteModel':
      return { structural: new Set([label(name)]), altered: null, targets, words }
    case 'renameModel':
      return { structural: new Set([label(name), label(second)]), altered: null, targets, words }
    default:
      return operation.model === undefined
        ? null
        : { structural: new Set(), altered: label(operation.model), targets, words: words.size === 0 ? ALL : words }
  }
}

/** Whether two operations may be done in either order. */
export function areIndependent(left: Reach | null, right: Reach | null): boolean {
  if (!left || !right) return false
  if (touches(left, right) || touches(right, left)) return false
  if (!areDisjoint(left.structural, right.structural)) return false
  if (left.altered === null || left.altered !== right.altered) return true
  const isWhole = left.words === ALL || right.words === ALL || left.targets.size + right.targets.size > 0
  return !isWhole && areDisjoint(left.words, right.words)
}

const areDisjoint = (left: ReadonlySet<string>, right: ReadonlySet<string>): boolean =>
  ![...left].some((word) => right.has(word))

function touches({ structural }: Reach, { altered, targets }: Reach): boolean {
  return (altered !== null && structural.has(altered)) || !areDisjoint(structural, targets)
}

function targetsIn(argument: Argument): string[] {
  if (argument instanceof Field) return isForeignKey(argument.kind) ? [argument.kind.targetLabel] : []
  if (typeof argument !== 'object' || argument === null) return []
  return Object.values(argument).flatMap(targetsIn)
}

/** A condition on `credit__gte` is about the field `credit`, an order of `-name` about `name`. */
function wordsIn(argument: Argument): string[] {
  if (typeof argument === 'string') return [wordOf(argument)]
  if (argument instanceof Field || typeof argument !== 'object' || argument === null) return []
  const entries = Object.entries(argument).filter(([key]) => key !== 'fill' && key !== 'confirmed')
  return entries.flatMap(([key, value]) => [wordOf(key), ...wordsIn(value)])
}

const wordOf = (text: string): string => text.replace(/^-/, '').split('__')[0] ?? text
