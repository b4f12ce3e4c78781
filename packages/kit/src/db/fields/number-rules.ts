import type { Json } from './field-kind.ts'
import { OutOfBounds, type Problem } from './problem.ts'

export interface Bounds<Value> {
  readonly min?: Value
  readonly max?: Value
}

export const atLeast = (min: unknown, value: unknown): Problem =>
  new OutOfBounds(`Ensure this value is greater than or equal to ${String(min)}.`, value)

export const atMost = (max: unknown, value: unknown): Problem =>
  new OutOfBounds(`Ensure this value is less than or equal to ${String(max)}.`, value)

/** The bounds as migrations print them. */
export function boundsParams({ min, max }: Bounds<number | bigint | string>): { readonly [option: string]: Json } {
  return {
    ...(min === undefined ? {} : { min: typeof min === 'bigint' ? String(min) : min }),
    ...(max === undefined ? {} : { max: typeof max === 'bigint' ? String(max) : max }),
  }
}
