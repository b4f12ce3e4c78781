import type { AnyModel } from '../../models/index.ts'
import { deleteModel, removeField } from '../operations/index.ts'
import type { ProjectState } from '../project-state.ts'
import { cutCycles, type Edge } from './cut-cycles.ts'
import { fact, type PlannedOperation, targetOf } from './planned-operation.ts'

/** The operations that delete models: what points to a table goes before it, in a circle the foreign key alone. */
export function goneModelOperations(gone: readonly AnyModel[], from: ProjectState): PlannedOperation[] {
  const labels = new Set(gone.map((model) => model.label))
  const pointers = gone.flatMap((target) => pointersTo(target, from))
  const among = pointers.filter((pointer) => labels.has(pointer.to))
  const cut = cutCycles([...labels], among)
  return gone.flatMap((model) => {
    const early = new Set([...cut].filter((edge) => edge.to === model.label).map((edge) => edge.name))
    const later = Object.keys(model.fields).filter((name) => !early.has(name))
    const own = pointers.filter((pointer) => pointer.from === model.label)
    return [
      ...[...early].map((name) => earlyRemoval(model, name)),
      {
        app: model.app,
        operation: deleteModel(model.name),
        provides: [fact.tableGone(model.table), ...later.map((name) => fact.fieldGone(model, name))],
        needs: [
          ...own.map((pointer) => fact.fieldGone(from.get(pointer.to), pointer.name)),
          ...[...early].map((name) => fact.fieldGone(model, name)),
        ],
      },
    ]
  })
}

/** Edges from a target to the models that point to it: they have to let go first. */
function pointersTo(target: AnyModel, state: ProjectState): Edge[] {
  return state.models
    .filter((model) => model !== target)
    .flatMap((model) =>
      Object.entries(model.fields)
        .filter(([, field]) => targetOf(field) === target.label)
        .map(([name]) => ({ from: target.label, to: model.label, name })),
    )
}

function earlyRemoval(model: AnyModel, name: string): PlannedOperation {
  return {
    app: model.app,
    operation: removeField(model.name, name),
    provides: [fact.fieldGone(model, name)],
    needs: [],
  }
}
