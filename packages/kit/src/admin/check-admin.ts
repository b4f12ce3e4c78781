import { type Column, isForeignKey, type Registry } from '../db/index.ts'
import type { AdminSite } from './admin-site.ts'
import type { ModelAdmin } from './model-admin.ts'

/** What is wrong with a registration, with the id under which Django tells of the same. */
export interface AdminProblem {
  readonly id: `admin.E${number}`
  /** The registration: `clients.Client`. */
  readonly object: string
  readonly text: string
}

/** Looks for names in registrations that the models do not have, or that the admin may not show. */
export function checkAdmin(site: AdminSite, registry: Registry): AdminProblem[] {
  return site.registered.flatMap((modelAdmin) => {
    const { label } = modelAdmin.model
    if (registry.find(label) !== modelAdmin.model) {
      return [{ id: 'admin.E001', object: label, text: `The model '${label}' is registered, but is not installed.` }]
    }
    return problemsOf(modelAdmin, registry)
  })
}

interface OptionCheck {
  readonly id: AdminProblem['id']
  readonly option: 'listDisplay' | 'listFilter' | 'searchFields' | 'ordering' | 'readonlyFields'
  /** What is wrong with the name, in words that complete "refers to …, which". */
  readonly flaw: (name: string, modelAdmin: ModelAdmin, registry: Registry) => string | null
}

const OPTION_CHECKS: readonly OptionCheck[] = [
  { id: 'admin.E108', option: 'listDisplay', flaw: flawOfColumn },
  { id: 'admin.E116', option: 'listFilter', flaw: flawOfFilter },
  { id: 'admin.E126', option: 'searchFields', flaw: flawOfSearch },
  { id: 'admin.E033', option: 'ordering', flaw: flawOfOrdering },
  { id: 'admin.E035', option: 'readonlyFields', flaw: flawOfColumn },
]

function problemsOf(modelAdmin: ModelAdmin, registry: Registry): AdminProblem[] {
  const object = modelAdmin.model.label
  const named = OPTION_CHECKS.flatMap(({ id, option, flaw }) =>
    modelAdmin[option].flatMap((name, index): AdminProblem[] => {
      const found = flaw(name, modelAdmin, registry)
      return found
        ? [{ id, object, text: `The value of '${option}[${index}]' refers to '${name}', which ${found}.` }]
        : []
    }),
  )
  return [...named, ...fieldsetProblems(modelAdmin)]
}

function fieldsetProblems(modelAdmin: ModelAdmin): AdminProblem[] {
  const object = modelAdmin.model.label
  const seen = new Set<string>()
  return modelAdmin.fieldsets.flatMap(({ fields }, index) =>
    fields.flatMap((name): AdminProblem[] => {
      const place = `fieldsets[${index}].fields`
      if (seen.has(name)) return [{ id: 'admin.E012', object, text: `There are duplicate field(s) in '${place}'.` }]
      seen.add(name)
      const flaw = flawOfFormField(name, modelAdmin)
      return flaw
        ? [{ id: 'admin.E013', object, text: `The value of '${place}' refers to '${name}', which ${flaw}.` }]
        : []
    }),
  )
}

function flawOfColumn(name: string, { model }: Pick<ModelAdmin, 'model'>): string | null {
  const column = model.columns.get(name)
  if (!column) return `is not a field of '${model.label}'`
  return column.settings.sensitive ? 'is sensitive' : null
}

function flawOfFormField(name: string, modelAdmin: ModelAdmin): string | null {
  const flaw = flawOfColumn(name, modelAdmin)
  if (flaw) return flaw
  const column = modelAdmin.model.columns.get(name)
  const isFixed = column?.origin !== 'declared' || column.settings.readOnly
  return isFixed && !modelAdmin.readonlyFields.includes(name) ? "cannot be changed: name it in 'readonlyFields'" : null
}

function flawOfFilter(name: string, { model }: ModelAdmin, registry: Registry): string | null {
  const column = columnAt(name, { model }, registry)
  if (typeof column === 'string') return column
  // A JSON value can be equal to another, but nobody picks one from a list.
  const isPicked = column.kind.lookups.includes('exact') && !column.kind.lookups.includes('has_key')
  return isPicked ? null : `cannot be filtered by: it is of the kind ${column.kind.name}`
}

function flawOfSearch(name: string, { model }: ModelAdmin, registry: Registry): string | null {
  const column = columnAt(name.replace(/^[\^=]/, ''), { model }, registry)
  if (typeof column === 'string') return column
  return column.kind.searchable ? null : 'does not hold text'
}

function flawOfOrdering(name: string, { model }: ModelAdmin, registry: Registry): string | null {
  const column = columnAt(name.replace(/^-/, ''), { model }, registry)
  return typeof column === 'string' ? column : null
}

/** The column at the end of a path, or what is wrong with the path. */
function columnAt(path: string, { model }: Pick<ModelAdmin, 'model'>, registry: Registry): Column | string {
  const names = path.split('__')
  let at = model
  for (const [index, name] of names.entries()) {
    const flaw = flawOfColumn(name, { model: at })
    const column = at.columns.get(name)
    if (flaw || !column) return flaw ?? `is not a field of '${at.label}'`
    if (index === names.length - 1) return column
    if (!isForeignKey(column.kind)) return `follows '${name}', which is no foreign key`
    at = registry.target(column)
  }
  return `is not a field of '${model.label}'`
}
