import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { type AnyFieldKind, type Field, Problem } from './index.ts'

/** Asserts that a field takes values, each in its canonical form. */
export function takes(field: Field, cases: readonly (readonly [unknown, unknown])[]): void {
  for (const [input, expected] of cases) assert.deepEqual(field.kind.parse(input), expected, `for ${shown(input)}`)
}

/** Asserts that a field refuses values with a message. */
export function refuses(field: Field, message: string, inputs: readonly unknown[]): void {
  for (const input of inputs) assert.deepEqual(messagesOf(field.kind, input), [message], `for ${shown(input)}`)
}

export function messagesOf(kind: AnyFieldKind, input: unknown): readonly string[] {
  const parsed: unknown = kind.parse(input)
  return parsed instanceof Problem ? parsed.messages : [`took ${shown(parsed)}`]
}

const shown = (value: unknown): string => inspect(value, { depth: 2 })
