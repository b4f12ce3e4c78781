import type { AnyModel, Column, Registry } from '../models/index.ts'
import { foreignKeys } from '../models/index.ts'

/** Models in the order in which their rows can be made, and the foreign keys that must be filled in afterwards. */
export interface TransferOrder {
  readonly models: readonly AnyModel[]
  /** Optional foreign keys to a model that comes no earlier: those within a circle, and those to the own model. */
  readonly late: ReadonlySet<Column>
}

/** Sorts models so that a row comes after those that it points to. Circles are cut at their optional foreign keys. */
export function transferOrder(registry: Registry, models: readonly AnyModel[] = registry.models): TransferOrder {
  const ordered: AnyModel[] = []
  const waiting = new Set(models)
  while (waiting.size > 0) {
    const next = firstThat(waiting, (model) => isReady(registry, model, { waiting, isStrict: true }))
    const cut = next ?? firstThat(waiting, (model) => isReady(registry, model, { waiting, isStrict: false }))
    const [any] = waiting
    const chosen = cut ?? any
    if (!chosen) break
    waiting.delete(chosen)
    ordered.push(chosen)
  }
  return { models: ordered, late: lateKeys(registry, ordered) }
}

function firstThat(models: Iterable<AnyModel>, isWanted: (model: AnyModel) => boolean): AnyModel | undefined {
  for (const model of models) if (isWanted(model)) return model
  return undefined
}

interface Readiness {
  readonly waiting: ReadonlySet<AnyModel>
  /** Whether optional foreign keys count as well. */
  readonly isStrict: boolean
}

function isReady(registry: Registry, model: AnyModel, { waiting, isStrict }: Readiness): boolean {
  return foreignKeys(model).every((key) => {
    const target = registry.target(key)
    return target === model || !waiting.has(target) || (!isStrict && key.settings.nullable)
  })
}

function lateKeys(registry: Registry, ordered: readonly AnyModel[]): Set<Column> {
  const place = new Map(ordered.map((model, at) => [model, at]))
  const keys = ordered.flatMap((model, at) =>
    foreignKeys(model).filter((key) => key.settings.nullable && (place.get(registry.target(key)) ?? -1) >= at),
  )
  return new Set(keys)
}
