import { type AnyModel, foreignKeys, genericKeys, type Registry } from '../../db/index.ts'

/** The models that say which rows of shared global models a business sees: memberships. */
export function linksOf({ models, get }: Registry): ReadonlySet<AnyModel> {
  const links = models.flatMap(({ sharedThrough }) => {
    const link = sharedThrough?.().model
    return link === undefined ? [] : [typeof link === 'string' ? get(link) : link]
  })
  return new Set(links)
}

/** The models with those that they point to before them, as far as they point in no circle. */
export function inOrderOfNeed(registry: Registry, models: readonly AnyModel[]): AnyModel[] {
  const ordered = new Set<AnyModel>()
  const visiting = new Set<AnyModel>()
  const visit = (model: AnyModel): void => {
    if (ordered.has(model) || visiting.has(model)) return
    visiting.add(model)
    // What must be there first comes first; what may be null need not.
    const keys = foreignKeys(model).toSorted((a, b) => Number(a.settings.nullable) - Number(b.settings.nullable))
    for (const key of keys) {
      const target = registry.target(key)
      if (models.includes(target)) visit(target)
    }
    ordered.add(model)
  }
  // What may point to rows of many models comes when they are there.
  for (const model of models) if (genericKeys(model).length === 0) visit(model)
  for (const model of models) visit(model)
  return [...ordered]
}
