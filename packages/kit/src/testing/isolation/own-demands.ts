import {
  type AnyModel,
  type Column,
  checkedValue,
  type OwnComparison,
  type OwnCondition,
  Problem,
  readCondition,
} from '../../db/index.ts'

/** What a check of a model demands of one field: that it stands so to constants or to another field. */
export interface Demand extends OwnComparison {
  readonly isDenied: boolean
}

/** What the checks of a model demand, as far as that is said by comparisons. Of alternatives the first is as good as any. */
export function demandsOf(model: AnyModel): readonly Demand[] {
  return model.checks.flatMap(({ where, name }) =>
    simple(readCondition(where, { subject: `${model.label}: the check "${name}"`, columns: model.columns })),
  )
}

function simple(condition: OwnCondition, isDenied = false): readonly Demand[] {
  if (!('parts' in condition)) return [{ ...condition, isDenied }]
  const { kind, parts } = condition
  const isEvery = (kind === 'or') === isDenied
  if (kind === 'not') return parts.flatMap((part) => simple(part, !isDenied))
  return (isEvery ? parts : parts.slice(0, 1)).flatMap((part) => simple(part, isDenied))
}

/** Whether a value, as it is written, meets a demand; `other` is the value of the field that it is held against. */
export function meets({ column, lookup, values, other, isDenied }: Demand, value: unknown, against?: unknown): boolean {
  if (lookup === 'isnull') return ((value === null) === values[0]) !== isDenied
  const one = comparable(column, value)
  const [first, last] = other ? [comparable(other, against)] : values.map(plainly)
  if (other === null && values[0] === null) return (one === null) !== isDenied
  // Nothing is known of null, and a check refuses only what it knows to be wrong.
  if (one === null || first === null || first === undefined) return true
  switch (lookup) {
    case 'exact':
      return (one === first) !== isDenied
    case 'in':
      return values.map(plainly).includes(one) !== isDenied
    case 'gt':
      return one > first !== isDenied
    case 'gte':
      return one >= first !== isDenied
    case 'lt':
      return one < first !== isDenied
    case 'lte':
      return one <= first !== isDenied
    case 'range':
      return (one >= first && last !== null && last !== undefined && one <= last) !== isDenied
    case 'contains':
      return String(one).includes(String(first)) !== isDenied
    case 'startswith':
      return String(one).startsWith(String(first)) !== isDenied
    case 'endswith':
      return String(one).endsWith(String(first)) !== isDenied
  }
}

/** Values that may meet a demand, made from its constants. */
export function meeting({ lookup, values, isDenied }: Demand, word: string, number: number): readonly unknown[] {
  if (lookup === 'isnull') return values[0] === !isDenied ? [null] : []
  const near = values.flatMap((value) => {
    const plain = plainly(value)
    return typeof plain === 'number' ? [plain, plain + 1, plain - 1].flatMap((each) => [each, String(each)]) : [value]
  })
  const start = lookup === 'in' ? number % Math.max(1, near.length) : 0
  const texts = values.filter((value) => typeof value === 'string')
  return [
    ...near.slice(start),
    ...near.slice(0, start),
    ...texts.flatMap((text) => [`${text}${word}`, `${word}${text}`]),
  ].map((value) => (value instanceof Date ? value.toISOString() : value))
}

type Comparable = number | string | null

function comparable(column: Column, value: unknown): Comparable {
  if (value === null || value === undefined) return null
  const parsed = checkedValue(column, value)
  return parsed instanceof Problem ? null : plainly(parsed)
}

function plainly(value: unknown): Comparable {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return value.getTime()
  const text = String(value)
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
}
