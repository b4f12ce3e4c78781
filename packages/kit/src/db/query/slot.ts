import type { DriverValue } from '../dialects/index.ts'

/** A place in a statement that is filled with a value when it runs. Statements are compiled with slots, once per shape. */
export class Slot {
  readonly index: number

  constructor(index: number) {
    this.index = index
  }
}

/** The slot of the business: always the first. */
export const BUSINESS_SLOT = new Slot(0)

/** Puts values into the places of a statement's parameters. */
export type Binder = (values: readonly DriverValue[]) => DriverValue[]

/** A binder for the parameters that the compiler put out, in their order. */
export function binderOf(parameters: readonly unknown[]): Binder {
  const places = parameters.map((parameter) => (parameter instanceof Slot ? parameter.index : -1))
  return (values) => places.map((place, at) => (place === -1 ? constantOf(parameters[at]) : (values[place] ?? null)))
}

function constantOf(parameter: unknown): DriverValue {
  if (typeof parameter === 'string' || typeof parameter === 'number' || parameter === null) return parameter
  throw new TypeError(`Cannot bind a constant of type ${typeof parameter}`)
}
