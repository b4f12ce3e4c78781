import { isForeignKey } from '../../fields/index.ts'
import type { AnyModel } from '../../models/index.ts'
import { renameField, renameModel } from '../operations/index.ts'
import { foreignIdKind, type ProjectState } from '../project-state.ts'
import { fact, type PlannedOperation, targetOf } from './planned-operation.ts'

export interface Renames {
  readonly operations: readonly PlannedOperation[]
  /** The models as the migrations know them, under their new names. */
  readonly state: ProjectState
}

/**
 * The renames that models and fields declare by `renamedFrom`. One that has been done is told by the new name being there,
 * so that it does no harm to leave it in.
 */
export function declaredRenames(from: ProjectState, to: ProjectState): Renames {
  const models = modelRenames(from, to)
  const fields = fieldRenames(models.state, to)
  return { operations: [...models.operations, ...fields.operations], state: fields.state }
}

interface Name {
  readonly from: string
  readonly to: string
}

function modelRenames(from: ProjectState, to: ProjectState): Renames {
  const names = to.models.flatMap(({ label, renamedFrom }): Name[] => {
    const former = renamedFrom.find((other) => from.find(other) && !isDone(other, label, from, to))
    return former === undefined ? [] : [{ from: former, to: label }]
  })
  const operations: PlannedOperation[] = []
  let state = from
  for (const name of inFreeOrder(names, (label) => from.find(label) !== undefined)) {
    const model = state.get(name.from)
    const planned = modelRename(model, name, state)
    operations.push(planned)
    state = planned.operation.stateForwards(state, model.app)
  }
  return { operations, state }
}

/** Whether the former name is another model's by now, or the new one was there before. */
function isDone(former: string, label: string, from: ProjectState, to: ProjectState): boolean {
  return from.find(label) !== undefined && (to.find(former) !== undefined || !isGivenAway(label, to))
}

const isGivenAway = (label: string, to: ProjectState): boolean =>
  to.models.some(({ renamedFrom }) => renamedFrom.includes(label))

/** What other apps have made of the model under its old name has to be there before it gets the new one. */
function modelRename(model: AnyModel, name: Name, state: ProjectState): PlannedOperation {
  const [, newName = ''] = name.to.split('.')
  const pointing = state.models.filter(
    (other) => other.app !== model.app && Object.values(other.fields).some((field) => targetOf(field) === name.from),
  )
  return {
    app: model.app,
    operation: renameModel(model.name, newName),
    provides: [fact.model(name.to)],
    needs: pointing.map((other) => fact.model(other.label)),
  }
}

function fieldRenames(from: ProjectState, to: ProjectState): Renames {
  const operations: PlannedOperation[] = []
  let state = from
  for (const model of to.models) {
    const before = from.find(model.label)
    if (!before) continue
    for (const name of renamedFields(before, model)) {
      const operation = renameField(model.name, name.from, name.to)
      state = operation.stateForwards(state, model.app)
      operations.push({
        app: model.app,
        operation,
        provides: [fact.field(model, name.to), fact.fieldGone(before, name.from)],
        needs: [fact.model(model.label)],
      })
    }
  }
  return { operations, state }
}

function renamedFields(before: AnyModel, after: AnyModel): Name[] {
  const names = Object.entries(after.fields).flatMap(([name, { settings }]): Name[] => {
    const { renamedFrom } = settings
    const isRename = renamedFrom !== undefined && renamedFrom !== name && renamedFrom in before.fields
    return isRename && isSameSort(before, after, { from: renamedFrom, to: name })
      ? [{ from: renamedFrom, to: name }]
      : []
  })
  const isPending = ({ from, to }: Name): boolean =>
    !(to in before.fields) || (!(from in after.fields) && names.some((other) => other.from === to))
  return inFreeOrder(names.filter(isPending), (name) => name in before.fields)
}

/** Values of a foreign key mean nothing in a field that is none: the one goes, and the other comes. */
function isSameSort(before: AnyModel, after: AnyModel, { from, to }: Name): boolean {
  const [old, made] = [before.fields[from], after.fields[to]]
  if (!old || !made) return false
  return isForeignKey(old.kind) === isForeignKey(made.kind) && foreignIdKind(old) === foreignIdKind(made)
}

/** The renames in an order in which each new name is free, without those for which there is none. */
function inFreeOrder(names: readonly Name[], isTaken: (name: string) => boolean): Name[] {
  const freed = new Set<string>()
  const ordered: Name[] = []
  let pending = names
  for (;;) {
    const next = pending.find(({ to }) => !isTaken(to) || freed.has(to))
    if (!next) return ordered
    freed.add(next.from)
    ordered.push(next)
    pending = pending.filter((name) => name !== next && name.from !== next.from)
  }
}
