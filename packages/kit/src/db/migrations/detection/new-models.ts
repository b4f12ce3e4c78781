import { type AnyModel, fieldsGeneratedFrom } from '../../models/index.ts'
import { addField, createModelAs, declaredField } from '../operations/index.ts'
import { ProjectState } from '../project-state.ts'
import { remakeModel } from '../remake-model.ts'
import { cutCycles, type Edge } from './cut-cycles.ts'
import { baseFacts, fact, type PlannedOperation, targetFacts, targetOf } from './planned-operation.ts'
import { setChanges } from './set-changes.ts'

/** The operations that create models. Where models point at each other in a circle, a foreign key is added afterwards. */
export function newModelOperations(models: readonly AnyModel[]): PlannedOperation[] {
  const labels = new Set(models.map((model) => model.label))
  const edges = models.flatMap((model) =>
    Object.entries(model.fields).flatMap(([name, field]): Edge[] => {
      const target = targetOf(field)
      return target !== null && labels.has(target) ? [{ from: model.label, to: target, name }] : []
    }),
  )
  const cut = cutCycles([...labels], edges)
  return models.flatMap((model) => {
    const keys = [...cut].filter((edge) => edge.from === model.label).map((edge) => edge.name)
    const computed = keys.flatMap((key) => fieldsGeneratedFrom(model.fields, key))
    return creation(model, new Set([...keys, ...computed]))
  })
}

function creation(model: AnyModel, later: ReadonlySet<string>): PlannedOperation[] {
  const { app, label } = model
  const empty = remakeModel(model, { unique: [], indexes: [], checks: [] })
  // What a model without keys lacks, with the fields that each is about.
  const sets = setChanges({ from: empty, to: model }).additions
  const isLate = ({ needs }: PlannedOperation): boolean =>
    needs.some((need) => [...later].some((field) => need === fact.field(model, field)))
  const late = sets.filter(isLate)
  const whole = remakeModel(empty, {
    fields: Object.fromEntries(Object.entries(model.fields).filter(([field]) => !later.has(field))),
  })
  const early = sets
    .filter((planned) => !isLate(planned))
    .reduce((state, { operation }) => operation.stateForwards(state, app), new ProjectState([whole]))
    .get(label)
  return [
    {
      app,
      operation: createModelAs(early),
      provides: [fact.model(label)],
      needs: [
        fact.tableGone(model.table),
        ...Object.values(early.fields)
          .flatMap(targetFacts)
          .filter((needed) => needed !== fact.model(label)),
      ],
    },
    ...[...later].map((field) => lateField(model, field)),
    ...late.map((planned) => ({ ...planned, needs: [fact.model(label), ...planned.needs] })),
  ]
}

function lateField(model: AnyModel, name: string): PlannedOperation {
  const field = declaredField(model, name)
  return {
    app: model.app,
    operation: addField(model.name, name, field),
    provides: [fact.field(model, name)],
    needs: [fact.model(model.label), ...targetFacts(field), ...baseFacts(model, field)],
  }
}
