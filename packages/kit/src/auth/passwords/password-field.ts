import { Field, longText, Problem, type TextField, text } from '../../db/index.ts'
import { isPasswordHash } from './passwords.ts'

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

/**
 * The hash of a password as it is kept. A text that is none is refused, so that nothing, an import least of all, can store
 * a password as it was typed. What begins with `!` stands for no password, as in Django.
 */
export function passwordHashField(): TextField {
  const { kind, settings } = text({ max: 255, sensitive: true })
  const parse = (input: unknown): unknown => {
    const parsed: unknown = kind.parse(input)
    if (typeof parsed !== 'string' || parsed.startsWith('!') || isPasswordHash(parsed)) return parsed
    return new Problem('Not the hash of a password, of a form that is known.')
  }
  return new Field({ ...kind, parse, parseText: parse }, settings)
}
