import { Problem } from './problem.ts'

export interface TextRules {
  readonly max?: number
  readonly min?: number
  /** Whether the empty text is a value. */
  readonly blank?: boolean
  /** Whether white space at both ends is kept. */
  readonly keepSpace?: boolean
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/** Checks a text as DRF's CharField does: numbers are taken as their text, white space at the ends is cut. */
export function parseText(input: unknown, rules: TextRules): string | Problem {
  if (typeof input !== 'string' && !Number.isFinite(input)) return new Problem('Not a valid string.')
  const text = rules.keepSpace ? String(input) : String(input).trim()
  const flaw = flawOf(text)
  if (flaw) return new Problem(flaw)
  if (text === '' && !rules.blank) return new Problem('This field may not be blank.')
  const length = text.length > (rules.max ?? Number.POSITIVE_INFINITY) || rules.min ? codePoints(text) : 0
  if (rules.max !== undefined && length > rules.max) {
    return new Problem(`Ensure this field has no more than ${rules.max} characters.`)
  }
  if (rules.min !== undefined && length < rules.min) {
    return new Problem(`Ensure this field has at least ${rules.min} characters.`)
  }
  return text
}

/** What makes a text impossible to store on every database, or null. */
export function flawOf(text: string): string | null {
  if (text.includes('\0')) return 'Null characters are not allowed.'
  const lone = LONE_SURROGATE.exec(text)
  if (!lone) return null
  return `Surrogate characters are not allowed: U+${lone[0].charCodeAt(0).toString(16).toUpperCase()}.`
}

function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
