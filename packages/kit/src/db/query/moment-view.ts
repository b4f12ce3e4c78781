import { type AnyFieldKind, date, integer, type MomentPart, partBounds, time } from '../fields/index.ts'
import type { PartView } from './column-view.ts'

/** A part of a date or a time, as a view of a column of that kind. @throws {TypeError} if the kind has no parts */
export function momentView({ name }: AnyFieldKind, part: MomentPart): PartView {
  if (name === 'date' || name === 'time' || name === 'datetime') return { type: 'part', part, of: name }
  throw new TypeError(`A ${name} has no parts of a date`)
}

const WHOLE: Readonly<Partial<Record<MomentPart, AnyFieldKind>>> = { date: date().kind, time: time().kind }

/** The kind that the values of a part are of: numbers, but for whole dates and times of day. */
export function kindOfPart(part: MomentPart): AnyFieldKind {
  const [min, max] = partBounds(part) ?? []
  return WHOLE[part] ?? integer({ ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }).kind
}
