import { Field, longText, Problem, type TextField } from '../../db/index.ts'

/** A password as a request brings it: taken letter by letter, never shown. At most 128 characters in the normal form NFC. */
export function passwordField(): TextField {
  const { kind, settings } = longText({ max: 128, writeOnly: true })
  const schema = { ...kind.schema, format: 'password' }
  // Counted in NFC but given on as it is: what another system hashed may not have been normalized.
  const parse = (input: unknown): unknown => {
    if (typeof input !== 'string') return kind.parse(input)
    const parsed: unknown = kind.parse(input.normalize('NFC'))
    return parsed instanceof Problem ? parsed : input
  }
  return new Field({ ...kind, parse, parseText: parse, schema, example: 'Correct-horse-battery-9' }, settings)
}
