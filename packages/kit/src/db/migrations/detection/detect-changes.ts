import {
  alterModelTable,
  alterSoftDelete,
  alterTableOptions,
  alterVersion,
  type TableOptions,
} from '../operations/index.ts'
import type { ProjectState } from '../project-state.ts'
import { fieldChanges, type ModelPair } from './field-changes.ts'
import { goneModelOperations } from './gone-models.ts'
import { newModelOperations } from './new-models.ts'
import type { Detection, PlannedOperation, Refusal } from './planned-operation.ts'
import { declaredRenames } from './renames.ts'
import { setChanges } from './set-changes.ts'
import { sortOperations } from './sort-operations.ts'

/** Finds the operations that lead from the models as the migrations know them to the models as they are declared. */
export function detectChanges(known: ProjectState, to: ProjectState): Detection {
  const renames = declaredRenames(known, to)
  const from = renames.state
  const created = to.models.filter((model) => !from.find(model.label))
  const gone = from.models.filter((model) => !to.find(model.label))
  const changed = to.models.flatMap((model) => {
    const before = from.find(model.label)
    return before ? [modelChanges({ from: before, to: model })] : []
  })
  const operations = [
    ...renames.operations,
    ...newModelOperations(created),
    ...changed.flatMap((detection) => detection.operations),
    ...goneModelOperations(gone, from),
  ]
  return { operations: sortOperations(operations), refusals: changed.flatMap((detection) => detection.refusals) }
}

function modelChanges(pair: ModelPair): Detection {
  const remade = remadeTable(pair)
  if (remade) return { operations: [], refusals: [remade] }
  const fields = fieldChanges(pair)
  const { removals, additions } = setChanges(pair)
  return {
    operations: [...removals, ...tableChanges(pair), ...fields.operations, ...additions],
    refusals: fields.refusals,
  }
}

/** What would take another primary key: every key to it would have to be made anew, with values that are not there. */
function remadeTable({ from, to }: ModelPair): Refusal | null {
  const change =
    from.scope !== to.scope
      ? `scope from '${from.scope}' to '${to.scope}'`
      : from.idKind !== to.idKind
        ? `id from '${from.idKind}' to '${to.idKind}'`
        : null
  if (change === null) return null
  return {
    app: to.app,
    message: `Model '${to.name.toLowerCase()}' not migrated: it is impossible to change its ${change}. Declare a new model, move the rows with runScript(), and delete this one.`,
  }
}

function tableChanges({ from, to }: ModelPair): PlannedOperation[] {
  const plan = (operation: PlannedOperation['operation']): PlannedOperation => ({
    app: to.app,
    operation,
    provides: [],
    needs: [],
  })
  return [
    ...(from.table === to.table ? [] : [plan(alterModelTable(to.name, to.table))]),
    ...(from.comment === to.comment && from.rowFormat === to.rowFormat
      ? []
      : [plan(alterTableOptions(to.name, changedOptions({ from, to })))]),
    ...(from.hasSoftDelete === to.hasSoftDelete ? [] : [plan(alterSoftDelete(to.name, { isKept: to.hasSoftDelete }))]),
    ...(from.hasVersion === to.hasVersion ? [] : [plan(alterVersion(to.name, { isCounted: to.hasVersion }))]),
  ]
}

function changedOptions({ from, to }: ModelPair): TableOptions {
  return {
    ...(from.comment === to.comment ? {} : { comment: to.comment }),
    ...(from.rowFormat === to.rowFormat ? {} : { mysql: { rowFormat: to.rowFormat } }),
  }
}

/** The apps whose models are not what their migrations say. */
export function changedApps(from: ProjectState, to: ProjectState): string[] {
  const { operations, refusals } = detectChanges(from, to)
  return [...new Set([...operations, ...refusals].map(({ app }) => app))].sort()
}
