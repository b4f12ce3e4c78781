import { foreignKey, isForeignKey } from '../fields/index.ts'
import type { Column } from './column.ts'
import type { ManyToMany } from './many-to-many.ts'
import { type AnyModel, columnNamed, foreignKeys, isModel, model } from './model.ts'
import { snakeCase } from './snake-case.ts'

/** A many-to-many relation with the rows between resolved. */
export interface Link {
  readonly name: string
  /** The model that declares it. */
  readonly model: AnyModel
  readonly target: AnyModel
  readonly through: AnyModel
  /** The foreign key of `through` that points to `model`. */
  readonly source: Column
  /** The foreign key of `through` that points to `target`. */
  readonly onward: Column
  readonly options: ManyToMany['options']
  /** Whether each pair has another the other way round. */
  readonly isSymmetrical: boolean
}

/**
 * The models, and those that the kit makes for the pairs of their many-to-many relations. What is among them already
 * stays as it is.
 */
export function withThroughModels(models: readonly AnyModel[]): AnyModel[] {
  const labels = new Set(models.filter(({ isAutomatic }) => isAutomatic).map(({ label }) => label))
  const made = models.flatMap((of) =>
    Object.entries(of.links)
      .filter(([name, link]) => !link.options.through && !labels.has(throughLabel(of, name)))
      .map(([name, link]) => automaticModel(of, name, targetOf(of, link))),
  )
  return [...models, ...made]
}

/**
 * Resolves a many-to-many relation of a model.
 *
 * @throws {TypeError} if the model between does not point to both sides, or in more ways than one
 */
export function linkOf(of: AnyModel, name: string, get: (label: string) => AnyModel): Link {
  const link = of.links[name]
  if (!link) throw new TypeError(`${of.label} has no many-to-many field "${name}"`)
  const target = get(targetOf(of, link).label)
  const through = get(link.options.through?.().label ?? throughLabel(of, name))
  const [source, onward] = keysBetween({ of, name, link, target, through })
  return { name, model: of, target, through, source, onward, options: link.options, isSymmetrical: link.isSymmetrical }
}

function targetOf(of: AnyModel, { targetOf: target }: ManyToMany): AnyModel {
  const found = target === 'self' ? of : target()
  if (isModel(found)) return found
  throw new TypeError(`A many-to-many field of ${of.label} must be given a function that returns a model, or 'self'`)
}

const throughLabel = (of: AnyModel, name: string): string => joinedLabel(of.label, name)

/** `clients.ClientTags` for the field `tags` of `clients.Client`. */
const joinedLabel = (label: string, name: string): string =>
  label + name.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/** What the model between may have been called before its owner or its field got another name. */
function formerThroughLabels(of: AnyModel, name: string): string[] {
  const { renamedFrom } = of.links[name]?.options ?? {}
  const names = renamedFrom === undefined ? [name] : [name, renamedFrom]
  return [of.label, ...of.renamedFrom]
    .flatMap((label) => names.map((each) => joinedLabel(label, each)))
    .filter((label) => label !== throughLabel(of, name))
}

/** Its rows are never in the bin: a pair counts while both of its rows are alive, and is back when they are. */
function automaticModel(of: AnyModel, name: string, target: AnyModel): AnyModel {
  const [source, onward] = keyNames(of, target)
  const [formerSource, formerOnward] = keyNames(former(of), former(target))
  const key = (to: AnyModel, renamedFrom: string) =>
    foreignKey(to.label, { onDelete: 'cascade', relatedName: false, id: to.idKind, renamedFrom })
  const common = {
    fields: { [source]: key(of, formerSource), [onward]: key(target, formerOnward) },
    unique: [[source, onward]],
    table: `${of.table}_${name}`,
    verboseName: `${of.verboseName} ${name.replaceAll('_', ' ')}`,
  }
  const label = throughLabel(of, name)
  const isScoped = of.scope === 'business' || target.scope === 'business'
  const made = isScoped
    ? model(label, { ...common, scope: 'business', softDelete: false })
    : model(label, { ...common, scope: 'global', reason: `It ties rows of ${of.label}, which belong to no business.` })
  return Object.freeze({ ...made, isAutomatic: true, renamedFrom: formerThroughLabels(of, name) })
}

/** The name that a model had before, or has. */
const former = ({ name, renamedFrom }: AnyModel): Pick<AnyModel, 'name'> => ({
  name: renamedFrom[0]?.split('.')[1] ?? name,
})

function keyNames(of: Pick<AnyModel, 'name'>, target: Pick<AnyModel, 'name'>): readonly [string, string] {
  const [source, onward] = [snakeCase(of.name), snakeCase(target.name)]
  return source === onward ? [`from_${source}`, `to_${onward}`] : [source, onward]
}

interface Between {
  readonly of: AnyModel
  readonly name: string
  readonly link: ManyToMany
  readonly target: AnyModel
  readonly through: AnyModel
}

function keysBetween({ of, name, link, target, through }: Between): readonly [Column, Column] {
  const { throughFields } = link.options
  const names = throughFields ?? (through.isAutomatic ? keyNames(of, target) : null)
  const pointing = (to: AnyModel): Column[] =>
    foreignKeys(through).filter(({ kind }) => isForeignKey(kind) && kind.targetLabel === to.label)
  const choose = (to: AnyModel, at: 0 | 1): Column => {
    const candidates = pointing(to)
    const [only] = names ? candidates.filter((column) => column === columnNamed(through, names[at])) : candidates
    if (only && (names || (candidates.length === 1 && of !== target))) return only
    throw new TypeError(
      `${of.label}.${name}: ${through.label} must have one foreign key to ${to.label}; where it has several, say which by throughFields: ['here', 'there']`,
    )
  }
  return [choose(of, 0), choose(target, 1)]
}
