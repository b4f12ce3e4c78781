import type { FieldAct, Surroundings } from './random-acts.ts'
import { namesOfIndex, namesOfUnique, renamedCondition, renamedIndex, renamedUnique } from './random-keys.ts'
import { GROWTH, kindAt, NUMBERS } from './random-kinds.ts'
import { type FieldPlan, type ModelPlan, ON_DELETE, type ProjectPlan } from './random-models.ts'

export function fieldsChanged(made: ModelPlan, act: FieldAct, at: Surroundings): ModelPlan {
  const { change, serial, plan } = at
  const { pick } = change
  const names = Object.keys(made.fields)
  const name = names[change.field % Math.max(names.length, 1)] ?? ''
  switch (act) {
    case 'addField':
      return withField(made, `field_${serial}`, { kind: kindAt(pick), isOptional: pick % 2 === 0, born: serial })
    case 'takeName': {
      if (!made.fields[name]) return made
      const taking = { kind: kindAt(pick), isOptional: pick % 2 === 0, born: serial }
      return withField(fieldRenamed(made, name, `field_${serial}`), name, taking)
    }
    case 'addRelation': {
      const target = targetFor(made, plan, pick)
      return target === undefined ? made : withField(made, `link_${serial}`, relation(target, at))
    }
    case 'addSelfRelation':
      return withField(made, `link_${serial}`, relation(at.name, at))
    case 'addComputed': {
      const bases = names.filter((each) => NUMBERS.includes(made.fields[each]?.kind ?? ''))
      const base = bases[pick % Math.max(bases.length, 1)]
      const isStored = change.field % 3 !== 0
      const computed = { kind: '', isOptional: true, born: serial, isStored }
      return base === undefined ? made : withField(made, `sum_${serial}`, { ...computed, base })
    }
    case 'removeField':
      return withoutFields(made, (each) => each === name)
    case 'renameField':
      return made.fields[name] ? fieldRenamed(made, name, `field_${serial}`) : made
    default:
      return made.fields[name] ? withField(made, name, altered(made.fields[name], act, { made, name, pick })) : made
  }
}

interface Altered {
  readonly made: ModelPlan
  readonly name: string
  readonly pick: number
}

function altered(field: FieldPlan, act: FieldAct, { made, name, pick }: Altered): FieldPlan {
  const isRelation = field.target !== undefined
  switch (act) {
    case 'growField':
      return { ...field, kind: GROWTH[field.kind] ?? field.kind }
    case 'switchOptional': {
      const isKnown = made.checks.some((check) => check.field === name && check.asks === 'known')
      return field.kind === '' || isKnown ? field : { ...field, isOptional: !field.isOptional }
    }
    case 'switchOneToOne':
      return isRelation ? { ...field, isOneToOne: !field.isOneToOne } : field
    case 'switchOnDelete':
      return isRelation ? { ...field, onDelete: onDeleteAt(pick) } : field
    default:
      return field
  }
}

const onDeleteAt = (pick: number): NonNullable<FieldPlan['onDelete']> => ON_DELETE[pick % ON_DELETE.length] ?? 'cascade'

function relation(target: string, { change, serial }: Surroundings): FieldPlan {
  const { pick } = change
  return {
    kind: '',
    isOptional: true,
    born: serial,
    target,
    onDelete: onDeleteAt(pick),
    isOneToOne: pick % 4 === 0,
  }
}

function targetFor(made: ModelPlan, plan: ProjectPlan, pick: number): string | undefined {
  const targets = Object.keys(plan).filter((target) => made.isScoped || plan[target]?.isScoped === false)
  return targets[pick % Math.max(targets.length, 1)]
}

const withField = (made: ModelPlan, name: string, field: FieldPlan): ModelPlan => ({
  ...made,
  fields: { ...made.fields, [name]: field },
})

/** What is computed from a field goes with it, and so does every key about it. */
export function withoutFields(made: ModelPlan, isRemoved: (name: string) => boolean): ModelPlan {
  const isGone = (each: string): boolean => isRemoved(each) || isRemoved(made.fields[each]?.base ?? '')
  const isFree = (names: readonly string[]): boolean => !names.some(isGone)
  return {
    ...made,
    fields: Object.fromEntries(Object.entries(made.fields).filter(([each]) => !isGone(each))),
    unique: made.unique.filter((set) => isFree(namesOfUnique(set))),
    indexes: made.indexes.filter((index) => isFree(namesOfIndex(index))),
    checks: made.checks.filter(({ field }) => !isGone(field)),
  }
}

function fieldRenamed(made: ModelPlan, name: string, newName: string): ModelPlan {
  const now = (each: string): string => (each === name ? newName : each)
  return {
    ...made,
    fields: Object.fromEntries(
      Object.entries(made.fields).map(([each, field]) =>
        each === name
          ? [newName, { ...field, renamedFrom: field.renamedFrom ?? name }]
          : [each, field.base === name ? { ...field, base: newName } : field],
      ),
    ),
    unique: made.unique.map((set) => renamedUnique(set, now)),
    indexes: made.indexes.map((index) => renamedIndex(index, now)),
    checks: made.checks.map((check) => renamedCondition(check, now)),
  }
}
