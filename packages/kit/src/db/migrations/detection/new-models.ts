import type { AnyModel } from '../../models/index.ts'
import { addField, addIndex, addUnique, createModelAs, declaredField } from '../operations/index.ts'
import { declaredUnique, remakeModel } from '../remake-model.ts'
import { cutCycles, type Edge } from './cut-cycles.ts'
import { fact, type PlannedOperation, targetFacts, targetOf } from './planned-operation.ts'

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
    const later = [...cut].filter((edge) => edge.from === model.label).map((edge) => edge.name)
    return creation(model, new Set(later))
  })
}

function creation(model: AnyModel, later: ReadonlySet<string>): PlannedOperation[] {
  const { app, label, name } = model
  const isEarly = (set: readonly string[]): boolean => !set.some((signed) => later.has(signed.replace(/^-/, '')))
  const early = remakeModel(model, {
    fields: Object.fromEntries(Object.entries(model.fields).filter(([field]) => !later.has(field))),
    unique: declaredUnique(model).filter(isEarly),
    indexes: model.indexes.filter(isEarly),
  })
  const setNeeds = (set: readonly string[]): string[] => [
    fact.model(label),
    ...set.map((signed) => fact.field(model, signed.replace(/^-/, ''))),
  ]
  const late = (set: readonly string[]): boolean => !isEarly(set)
  const own = { app, provides: [] }
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
    ...model.indexes.filter(late).map((set) => ({ ...own, operation: addIndex(name, set), needs: setNeeds(set) })),
    ...declaredUnique(model)
      .filter(late)
      .map((set) => ({ ...own, operation: addUnique(name, set), needs: setNeeds(set) })),
  ]
}

function lateField(model: AnyModel, name: string): PlannedOperation {
  const field = declaredField(model, name)
  return {
    app: model.app,
    operation: addField(model.name, name, field),
    provides: [fact.field(model, name)],
    needs: [fact.model(model.label), ...targetFacts(field)],
  }
}
