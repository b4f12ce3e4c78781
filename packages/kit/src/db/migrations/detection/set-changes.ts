import { addIndex, addUnique, type Operation, removeIndex, removeUnique } from '../operations/index.ts'
import { declaredUnique } from '../remake-model.ts'
import { type ModelPair, replacedFields } from './field-changes.ts'
import { fact, type PlannedOperation } from './planned-operation.ts'

type FieldSet = readonly string[]

export interface SetChanges {
  readonly removals: readonly PlannedOperation[]
  readonly additions: readonly PlannedOperation[]
}

/** The operations that give a model the indexes and unique sets that it declares. */
export function setChanges(pair: ModelPair): SetChanges {
  const indexes = compared(pair, { from: pair.from.indexes, to: pair.to.indexes })
  const unique = compared(pair, { from: declaredUnique(pair.from), to: declaredUnique(pair.to) })
  const plan = (operation: Operation, set: FieldSet): PlannedOperation => ({
    app: pair.to.app,
    operation,
    provides: [],
    needs: set.map((name) => fact.field(pair.to, name.replace(/^-/, ''))),
  })
  const { name } = pair.to
  return {
    removals: [
      ...unique.removed.map((set) => plan(removeUnique(name, set), [])),
      ...indexes.removed.map((set) => plan(removeIndex(name, set), [])),
    ],
    additions: [
      ...indexes.added.map((set) => plan(addIndex(name, set), set)),
      ...unique.added.map((set) => plan(addUnique(name, set), set)),
    ],
  }
}

interface Sets {
  readonly from: readonly FieldSet[]
  readonly to: readonly FieldSet[]
}

/** A set with a field that is replaced goes with it, and comes anew. */
function compared(pair: ModelPair, { from, to }: Sets): { removed: FieldSet[]; added: FieldSet[] } {
  const replaced = new Set(replacedFields(pair))
  const isReplaced = (set: FieldSet): boolean => set.some((name) => replaced.has(name.replace(/^-/, '')))
  const isIn = (sets: readonly FieldSet[], set: FieldSet): boolean => sets.some((other) => other.join() === set.join())
  return {
    removed: from.filter((set) => isReplaced(set) || !isIn(to, set)),
    added: to.filter((set) => isReplaced(set) || !isIn(from, set)),
  }
}
