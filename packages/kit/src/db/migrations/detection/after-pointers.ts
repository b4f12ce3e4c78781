import { type MigrationGraph, statesOf } from '../history/index.ts'
import { ProjectState } from '../project-state.ts'
import { fact, type PlannedOperation, targetOf } from './planned-operation.ts'

/**
 * Lets a model go, or change its name, only behind the migrations of every app that has ever pointed to it. What points to
 * it no more may not have been made yet in a database that takes the migrations from the beginning.
 */
export function afterPointers(planned: readonly PlannedOperation[], graph: MigrationGraph): PlannedOperation[] {
  if (!planned.some(endsName)) return [...planned]
  const pointing = pointingApps(graph)
  return planned.map((each) => {
    if (!endsName(each)) return each
    const apps = [...(pointing.get(`${each.app}.${String(each.operation.args?.[0])}`) ?? [])].sort()
    return { ...each, needs: [...each.needs, ...apps.filter((app) => app !== each.app).map(fact.migrated)] }
  })
}

const endsName = ({ operation }: PlannedOperation): boolean =>
  operation.name === 'deleteModel' || operation.name === 'renameModel'

/** By the labels of models: the apps of which some model has pointed there at some time. */
function pointingApps(graph: MigrationGraph): Map<string, Set<string>> {
  const pointing = new Map<string, Set<string>>()
  let state = ProjectState.empty
  for (const migration of graph.ordered) {
    for (const after of statesOf(migration, state)) {
      for (const [label, app] of after.models.filter(({ app }) => app === migration.app).flatMap(pointers)) {
        pointing.set(label, (pointing.get(label) ?? new Set()).add(app))
      }
      state = after
    }
  }
  return pointing
}

const pointers = ({ app, fields }: ProjectState['models'][number]): [string, string][] =>
  Object.values(fields).flatMap((field): [string, string][] => {
    const target = targetOf(field)
    return target === null ? [] : [[target, app]]
  })
