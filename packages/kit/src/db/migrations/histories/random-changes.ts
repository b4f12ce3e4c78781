import { GROWTH, KIND_NAMES, type ModelPlan, NUMBERS, type ProjectPlan } from './random-models.ts'

/** One edit of a project's models: what to do, and numbers that choose what to do it to. */
export interface Change {
  readonly act: (typeof ACTS)[number]
  readonly model: number
  readonly field: number
  readonly pick: number
}

export const ACTS = [
  'addModel',
  'removeModel',
  'renameModel',
  'renameTable',
  'addField',
  'addField',
  'addField',
  'removeField',
  'renameField',
  'growField',
  'switchOptional',
  'addRelation',
  'addComputed',
  'addComputed',
  'switchUnique',
  'switchIndex',
  'switchSoftDelete',
  'switchCheck',
] as const

/** The models behind an edit. One that does not fit them leaves them as they are. */
export function changed(plan: ProjectPlan, change: Change, serial: number): ProjectPlan {
  const names = Object.keys(plan)
  const name = names[change.model % Math.max(names.length, 1)]
  const settled = withoutRenames(plan)
  if (change.act === 'addModel' || name === undefined) return { ...settled, [`Model${serial}`]: newModel(change) }
  if (change.act === 'removeModel') return removed(settled, name)
  if (change.act === 'renameModel') return renamed(settled, name, `Model${serial}`)
  const made = settled[name]
  return made ? { ...settled, [name]: modelChanged(made, change, { serial, plan: settled }) } : settled
}

function newModel({ pick, field }: Change): ModelPlan {
  const fields = Object.fromEntries(
    [0, 1, 2].map((offset) => [
      `first_${offset}`,
      { kind: kindAt(pick + offset * 7), isOptional: (field + offset) % 2 === 0 },
    ]),
  )
  return {
    isScoped: pick % 4 !== 0,
    isCounted: field % 5 === 0,
    softDelete: field % 3 !== 0,
    fields,
    unique: pick % 2 === 0 ? [['code']] : [],
    indexes: [],
    checks: [],
  }
}

const kindAt = (pick: number): string => KIND_NAMES[pick % KIND_NAMES.length] ?? 'text'

/** A rename is declared once, and is history then. */
function withoutRenames(plan: ProjectPlan): ProjectPlan {
  return mapModels(plan, ({ renamedFrom: _model, ...made }) => ({
    ...made,
    fields: Object.fromEntries(
      Object.entries(made.fields).map(([name, { renamedFrom: _field, ...field }]) => [name, field]),
    ),
  }))
}

function mapModels(plan: ProjectPlan, change: (made: ModelPlan) => ModelPlan): ProjectPlan {
  return Object.fromEntries(Object.entries(plan).map(([name, made]) => [name, change(made)]))
}

function removed(plan: ProjectPlan, name: string): ProjectPlan {
  const { [name]: _gone, ...rest } = plan
  return mapModels(rest, (made) =>
    Object.keys(made.fields)
      .filter((field) => made.fields[field]?.target === name)
      .reduce(withoutField, made),
  )
}

function renamed(plan: ProjectPlan, name: string, newName: string): ProjectPlan {
  const entries = Object.entries(plan).map(([each, made]): [string, ModelPlan] =>
    each === name ? [newName, { ...made, renamedFrom: name }] : [each, made],
  )
  return mapModels(Object.fromEntries(entries), (made) => ({
    ...made,
    fields: Object.fromEntries(
      Object.entries(made.fields).map(([field, spec]) => [
        field,
        spec.target === name ? { ...spec, target: newName } : spec,
      ]),
    ),
  }))
}

interface Surroundings {
  readonly serial: number
  readonly plan: ProjectPlan
}

function modelChanged(made: ModelPlan, change: Change, { serial, plan }: Surroundings): ModelPlan {
  const names = Object.keys(made.fields)
  const name = names[change.field % Math.max(names.length, 1)] ?? ''
  const field = made.fields[name]
  const withField = (as: string, spec: ModelPlan['fields'][string]): ModelPlan => ({
    ...made,
    fields: { ...made.fields, [as]: spec },
  })
  switch (change.act) {
    case 'renameTable':
      return { ...made, table: `lab_table_${serial}` }
    case 'addField':
      return withField(`field_${serial}`, { kind: kindAt(change.pick), isOptional: change.pick % 2 === 0 })
    case 'addRelation': {
      const targets = Object.keys(plan).filter((target) => made.isScoped || plan[target]?.isScoped === false)
      const target = targets[change.pick % Math.max(targets.length, 1)]
      return target === undefined ? made : withField(`link_${serial}`, { kind: '', isOptional: true, target })
    }
    case 'addComputed': {
      const bases = names.filter((each) => NUMBERS.includes(made.fields[each]?.kind ?? ''))
      const base = bases[change.pick % Math.max(bases.length, 1)]
      const isStored = change.field % 3 !== 0
      return base === undefined ? made : withField(`sum_${serial}`, { kind: '', isOptional: true, base, isStored })
    }
    case 'switchSoftDelete':
      return made.isScoped ? { ...made, softDelete: !made.softDelete } : made
    case 'removeField':
      return field ? withoutField(made, name) : made
    case 'renameField':
      return field ? fieldRenamed(made, name, `field_${serial}`) : made
    case 'growField': {
      const kind = field && GROWTH[field.kind]
      return field && kind ? withField(name, { ...field, kind }) : made
    }
    case 'switchOptional':
      return field && field.kind !== '' && !made.checks.includes(name)
        ? withField(name, { ...field, isOptional: !field.isOptional })
        : made
    case 'switchUnique':
      return { ...made, unique: switched(made.unique, field && isShort(field.kind) ? ['code', name] : ['code']) }
    case 'switchIndex':
      return field && isShort(field.kind)
        ? { ...made, indexes: switched(made.indexes, change.pick % 2 === 0 ? [name] : [`-${name}`, 'code']) }
        : made
    case 'switchCheck':
      return field && field.target === undefined && !field.isOptional
        ? {
            ...made,
            checks: made.checks.includes(name) ? made.checks.filter((each) => each !== name) : [...made.checks, name],
          }
        : made
    default:
      return made
  }
}

/** What fits into a key of every database, and can be sorted by. */
const isShort = (kind: string): boolean => !['longText', 'json', 'several', 'url', 'email'].includes(kind)

function switched(sets: readonly (readonly string[])[], set: readonly string[]): (readonly string[])[] {
  const isThere = sets.some((other) => other.join() === set.join())
  return isThere ? sets.filter((other) => other.join() !== set.join()) : [...sets, set]
}

function withoutField(made: ModelPlan, name: string): ModelPlan {
  // What is computed from a field goes with it.
  const isGone = (each: string): boolean => each === name || made.fields[each]?.base === name
  const fields = Object.fromEntries(Object.entries(made.fields).filter(([each]) => !isGone(each)))
  const isFree = (set: readonly string[]): boolean => !set.some((signed) => isGone(signed.replace(/^-/, '')))
  return {
    ...made,
    fields,
    unique: made.unique.filter(isFree),
    indexes: made.indexes.filter(isFree),
    checks: made.checks.filter((each) => each !== name),
  }
}

function fieldRenamed(made: ModelPlan, name: string, newName: string): ModelPlan {
  const inSet = (set: readonly string[]): string[] =>
    set.map((signed) => (signed.replace(/^-/, '') === name ? signed.replace(name, newName) : signed))
  return {
    ...made,
    fields: Object.fromEntries(
      Object.entries(made.fields).map(([each, field]) =>
        each === name
          ? [newName, { ...field, renamedFrom: name }]
          : [each, field.base === name ? { ...field, base: newName } : field],
      ),
    ),
    unique: made.unique.map(inSet),
    indexes: made.indexes.map(inSet),
    // The condition has the field's name in its own.
    checks: made.checks.filter((each) => each !== name),
  }
}
