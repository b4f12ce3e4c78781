import { q } from '../../models/index.ts'
import { CONTAINERS, isShort, NUMBERS, TEXTS } from './random-kinds.ts'

/** A condition on a field. What is asked holds for every row that a test makes, whether the field is set or not. */
export interface ConditionPlan {
  readonly field: string
  readonly asks: 'known' | 'known or not' | 'bounded' | 'not negative' | 'excluded' | 'listed' | 'recent'
}

export interface CheckPlan extends ConditionPlan {
  readonly name: string
}

export interface UniquePlan {
  readonly fields: readonly string[]
  readonly where?: ConditionPlan
}

export interface IndexPlan {
  readonly shape: 'upwards' | 'downwards' | 'folded' | 'computed' | 'partial' | 'with another' | 'inside'
  readonly field: string
  readonly other?: string
  readonly where?: ConditionPlan
}

export function conditionOf({ field, asks }: ConditionPlan): object {
  switch (asks) {
    case 'known':
      return { [`${field}__isnull`]: false }
    case 'known or not':
      return q.or({ [`${field}__isnull`]: false }, { [`${field}__isnull`]: true })
    case 'bounded':
      return q.or({ [`${field}__isnull`]: true }, { [`${field}__gte`]: -1000 })
    case 'not negative':
      return { [`${field}__gte`]: 0 }
    case 'excluded':
      return q.and(q.not({ [field]: "it's \\ never" }), q.not({ [`${field}__startswith`]: '100%_' }))
    case 'listed':
      return { [`${field}__in`]: ['a', 'b', 'longer'] }
    case 'recent':
      return { [`${field}__range`]: ['2000-01-01T00:00:00Z', '2100-01-01T00:00:00Z'] }
  }
}

/** A condition that fits the kind of a field. */
export function conditionFor(field: string, kind: string, pick: number): ConditionPlan {
  const asks = pick % 4 === 0 ? 'known or not' : (ASKED[kind] ?? (TEXTS.includes(kind) ? 'excluded' : 'known or not'))
  return { field, asks }
}

const ASKED: Readonly<Record<string, ConditionPlan['asks']>> = {
  integer: 'bounded',
  bigInteger: 'bounded',
  small: 'bounded',
  decimal: 'bounded',
  wideDecimal: 'bounded',
  positive: 'not negative',
  choice: 'listed',
  datetime: 'recent',
}

export const uniqueOf = ({ fields, where }: UniquePlan): object =>
  where ? { fields, where: conditionOf(where) } : fields

export function indexOf({ shape, field, other = 'code', where }: IndexPlan): object {
  switch (shape) {
    case 'upwards':
      return [field]
    case 'downwards':
      return [`-${field}`, 'code']
    case 'folded':
      return { fields: ['code'], expression: `lower(${field})` }
    case 'computed':
      return {
        expression: {
          postgresql: `abs(${field})`,
          sqlite: `abs(${field})`,
          mysql: { sql: `abs(${field})`, type: 'bigint' },
        },
      }
    case 'partial':
      return { fields: [field], ...(where ? { where: conditionOf(where) } : {}) }
    case 'with another':
      return { fields: [field], include: [other] }
    case 'inside':
      return { fields: [field], using: 'gin' }
  }
}

/** An index of a field, of a shape that its kind has. */
export function indexFor(field: string, kind: string, pick: number): IndexPlan | null {
  const shapes: IndexPlan['shape'][] = CONTAINERS.includes(kind)
    ? ['inside']
    : [
        ...(isShort(kind) ? (['upwards', 'downwards', 'partial', 'with another'] as const) : []),
        ...(TEXTS.includes(kind) ? (['folded', 'folded'] as const) : []),
        ...(NUMBERS.includes(kind) ? (['computed', 'computed'] as const) : []),
      ]
  const shape = shapes[pick % Math.max(shapes.length, 1)]
  if (shape === undefined) return null
  return { shape, field, ...(shape === 'partial' ? { where: conditionFor(field, kind, pick >> 3) } : {}) }
}

/** The fields that a key is about. */
export const namesOfUnique = ({ fields, where }: UniquePlan): string[] => [...fields, ...(where ? [where.field] : [])]

export const namesOfIndex = ({ field, other, where }: IndexPlan): string[] =>
  [field, other, where?.field].filter((name) => name !== undefined)

type Rename = (name: string) => string

export const renamedCondition = <Of extends ConditionPlan>(condition: Of, to: Rename): Of => ({
  ...condition,
  field: to(condition.field),
})

export const renamedUnique = ({ fields, where }: UniquePlan, to: Rename): UniquePlan => ({
  fields: fields.map(to),
  ...(where ? { where: renamedCondition(where, to) } : {}),
})

export const renamedIndex = ({ shape, field, other, where }: IndexPlan, to: Rename): IndexPlan => ({
  shape,
  field: to(field),
  ...(other === undefined ? {} : { other: to(other) }),
  ...(where ? { where: renamedCondition(where, to) } : {}),
})
