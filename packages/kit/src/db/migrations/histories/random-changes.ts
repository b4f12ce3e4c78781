import { type Change, isFieldAct, isKeyAct, type Surroundings } from './random-acts.ts'
import { fieldsChanged, withoutFields } from './random-field-changes.ts'
import { keysChanged } from './random-key-changes.ts'
import { kindAt } from './random-kinds.ts'
import { APPS, BLANK, type FieldPlan, type LinkPlan, type ModelPlan, type ProjectPlan } from './random-models.ts'

/** What was declared to be renamed is history in the next version. */
export function withoutRenames(plan: ProjectPlan): ProjectPlan {
  return mapModels(plan, ({ renamedFrom: _model, ...made }) => ({
    ...made,
    fields: mapValues(made.fields, ({ renamedFrom: _field, ...field }): FieldPlan => field),
    links: mapValues(made.links, ({ renamedFrom: _link, ...link }): LinkPlan => link),
  }))
}

/** The models behind an edit. One that does not fit them leaves them as they are. */
export function changed(plan: ProjectPlan, change: Change, serial: number): ProjectPlan {
  const names = Object.keys(plan)
  const name = names[change.model % Math.max(names.length, 1)]
  const made = name === undefined ? undefined : plan[name]
  if (change.act === 'addModel' || name === undefined || !made) {
    return { ...plan, [`Model${serial}`]: newModel(change, serial) }
  }
  switch (change.act) {
    case 'removeModel':
      return withoutModel(plan, name)
    case 'renameModel':
      return modelRenamed(plan, name, `Model${serial}`)
    case 'takeModelName':
      return { ...modelRenamed(plan, name, `Model${serial}`), [name]: newModel(change, serial) }
    case 'addLinkThrough':
      return linkedThrough(plan, { name, change, serial })
    default:
      return { ...plan, [name]: modelChanged(made, { name, change, serial, plan }) }
  }
}

function newModel({ pick, field }: Change, serial: number): ModelPlan {
  const fields = [0, 1, 2].map((offset): [string, FieldPlan] => [
    `first_${offset}`,
    { kind: kindAt(pick + offset * 7), isOptional: (field + offset) % 2 === 0, born: serial + offset / 10 },
  ])
  return {
    ...BLANK,
    app: APPS[(pick >> 2) % APPS.length] ?? 'lab',
    born: serial,
    isScoped: pick % 4 !== 0,
    isCounted: field % 5 === 0,
    softDelete: field % 3 !== 0,
    isVersioned: field % 4 === 1,
    fields: Object.fromEntries(fields),
    unique: pick % 2 === 0 ? [{ fields: ['code'] }] : [],
  }
}

function withoutModel(plan: ProjectPlan, name: string): ProjectPlan {
  const between = Object.keys(plan).find((each) => each !== name && plan[each]?.between?.includes(name))
  if (between !== undefined) return withoutModel(withoutModel(plan, between), name)
  const { [name]: _gone, ...rest } = plan
  return mapModels(rest, (made) => ({
    ...withoutFields(made, (field) => made.fields[field]?.target === name),
    links: filtered(made.links, ({ target, through }) => target !== name && through !== name),
  }))
}

function modelRenamed(plan: ProjectPlan, name: string, newName: string): ProjectPlan {
  const now = (each: string): string => (each === name ? newName : each)
  const entries = Object.entries(plan).map(([each, made]): [string, ModelPlan] =>
    // Renamed twice between two migrations, it comes from where it was at the first.
    each === name ? [newName, { ...made, renamedFrom: made.renamedFrom ?? name }] : [each, made],
  )
  return mapModels(Object.fromEntries(entries), (made) => ({
    ...made,
    ...(made.between ? { between: [now(made.between[0]), now(made.between[1])] as const } : {}),
    fields: mapValues(made.fields, (field) => (field.target === name ? { ...field, target: newName } : field)),
    links: mapValues(made.links, (link) => ({
      ...link,
      target: now(link.target),
      ...(link.through === undefined ? {} : { through: now(link.through) }),
    })),
  }))
}

function linkedThrough(plan: ProjectPlan, { name, change, serial }: Omit<Surroundings, 'plan'>): ProjectPlan {
  const target = anyName(plan, change.field)
  const [here, there] = [plan[name], plan[target]]
  if (!here || !there) return plan
  const through = `Model${serial}`
  return {
    ...plan,
    [name]: { ...here, links: { ...here.links, [`through_${serial}`]: { target, through } } },
    [through]: {
      ...newModel(change, serial),
      isScoped: here.isScoped || there.isScoped,
      softDelete: false,
      between: [name, target],
      unique: change.pick % 3 === 0 ? [{ fields: ['here', 'there'] }] : [],
    },
  }
}

function modelChanged(made: ModelPlan, at: Surroundings): ModelPlan {
  const { change, serial, plan } = at
  const { act } = change
  switch (act) {
    case 'renameTable':
      return { ...made, table: `lab_table_${serial}` }
    case 'switchSoftDelete':
      return made.isScoped ? { ...made, softDelete: !made.softDelete } : made
    case 'switchVersion':
      return { ...made, isVersioned: !made.isVersioned }
    case 'switchComment': {
      const { comment, ...silent } = made
      return change.pick % 3 === 0 ? silent : { ...made, comment: `It's \\ number ${serial} 😀, was "${comment}"` }
    }
    case 'switchRowFormat':
      return { ...made, isCompressed: !made.isCompressed }
    case 'addLink':
      return { ...made, links: { ...made.links, [`links_${serial}`]: { target: anyName(plan, change.field) } } }
    case 'renameLink':
    case 'removeLink':
      return linkChanged(made, at)
    default:
      return isKeyAct(act) ? keysChanged(made, act, at) : isFieldAct(act) ? fieldsChanged(made, act, at) : made
  }
}

const anyName = (plan: ProjectPlan, pick: number): string => {
  const names = Object.keys(plan)
  return names[pick % names.length] ?? ''
}

function linkChanged(made: ModelPlan, { change, serial }: Surroundings): ModelPlan {
  const names = Object.keys(made.links)
  const name = names[change.field % Math.max(names.length, 1)]
  const link = name === undefined ? undefined : made.links[name]
  if (name === undefined || !link) return made
  if (change.act === 'removeLink') return { ...made, links: filtered(made.links, (each) => each !== link) }
  const renamed = { ...link, renamedFrom: link.renamedFrom ?? name }
  return {
    ...made,
    links: Object.fromEntries(
      Object.entries(made.links).map(([each, is]) => (each === name ? [`links_${serial}`, renamed] : [each, is])),
    ),
  }
}

function mapModels(plan: ProjectPlan, change: (made: ModelPlan) => ModelPlan): ProjectPlan {
  return mapValues(plan, change)
}

type Named<Value> = Readonly<Record<string, Value>>

function mapValues<Value>(values: Named<Value>, change: (value: Value) => Value): Named<Value> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]))
}

function filtered<Value>(values: Named<Value>, isKept: (value: Value) => boolean): Named<Value> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => isKept(value)))
}
