import { Field, longText, type TextField } from '../../db/index.ts'

/** A password as a request brings it: taken letter by letter, never shown. At most 128 characters. */
export function passwordField(): TextField {
  const { kind, settings } = longText({ max: 128, writeOnly: true })
  const schema = { ...kind.schema, format: 'password' }
  return new Field({ ...kind, schema, example: 'Correct-horse-battery-9' }, settings)
}
