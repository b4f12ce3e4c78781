import type { MomentPart } from '../fields/index.ts'

/** A column looked at through something: a part of a moment, or a place inside JSON. */
export type ColumnView = PartView | JsonView

export interface PartView {
  readonly type: 'part'
  readonly part: MomentPart
  /** The kind of the column. */
  readonly of: 'date' | 'time' | 'datetime'
}

/** A step into JSON: a key of an object, or the place of an item in a list. */
export type JsonStep = string | number

export interface JsonView {
  readonly type: 'json'
  /**
   * What is taken from the place: its text, its number, its `true`, `false` or `null`, each nothing where it is something
   * else; the word for its type; its value as a whole; or its length or its keys.
   */
  readonly as: 'text' | 'number' | 'literal' | 'type' | 'value' | 'length' | 'keys'
  /** Whether it begins at the column or at the item of a list that is gone through. */
  readonly from: 'column' | 'item'
  readonly steps: readonly JsonStep[]
}

/** The view in the shape of a condition. The keys of a path are values; only their number and sort are told. */
export function shapeOfView(view: ColumnView | undefined): string {
  if (!view) return ''
  if (view.type === 'part') return `.${view.part}`
  const steps = view.steps.map((step) => (typeof step === 'number' ? '#' : '.')).join('')
  return ` ${view.from === 'item' ? '@' : ''}${steps}:${view.as}`
}
