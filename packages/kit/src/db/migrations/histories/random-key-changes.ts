import type { KeyAct, Surroundings } from './random-acts.ts'
import { conditionFor, indexFor } from './random-keys.ts'
import { isShort } from './random-kinds.ts'
import type { ModelPlan } from './random-models.ts'

export function keysChanged(made: ModelPlan, act: KeyAct, { change, serial }: Surroundings): ModelPlan {
  const names = Object.keys(made.fields)
  const name = names[change.field % Math.max(names.length, 1)] ?? ''
  const field = made.fields[name]
  switch (act) {
    case 'switchUnique':
      return {
        ...made,
        unique: switched(made.unique, { fields: field && isShort(field.kind) ? ['code', name] : ['code'] }),
      }
    case 'switchUniqueWhere': {
      if (!field || field.base !== undefined) return made
      const fields = isShort(field.kind) && change.pick % 2 === 0 ? ['code', name] : ['code']
      return { ...made, unique: switched(made.unique, { fields, where: conditionFor(name, field.kind, change.pick) }) }
    }
    case 'switchIndex': {
      const index = field && indexFor(name, field.kind, change.pick)
      return index ? { ...made, indexes: switched(made.indexes, index) } : made
    }
    case 'switchCheck': {
      if (!field || field.base !== undefined) return made
      const others = made.checks.filter((check) => check.field !== name)
      if (others.length < made.checks.length) return { ...made, checks: others }
      const isKnown = field.target === undefined && !field.isOptional && change.pick % 3 === 0
      const condition = isKnown
        ? ({ field: name, asks: 'known' } as const)
        : conditionFor(name, field.kind, change.pick)
      return { ...made, checks: [...made.checks, { ...condition, name: `rule_${serial}` }] }
    }
  }
}

function switched<Key>(keys: readonly Key[], key: Key): Key[] {
  const others = keys.filter((other) => JSON.stringify(other) !== JSON.stringify(key))
  return others.length < keys.length ? others : [...keys, key]
}
