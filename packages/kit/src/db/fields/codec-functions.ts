import { trimStored } from './date-rules.ts'
import { durationText } from './duration-text.ts'

/** The functions that the JSON source of a field kind may call by name. */
export const CODEC_FUNCTIONS = Object.freeze({ quote, trimStored, durationText, compactJson })

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON wants escaped
const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/

/** A text as a JSON string. Most texts need no escape, and joining is faster than `JSON.stringify`. */
export function quote(text: string): string {
  return text.length < 64 && !NEEDS_ESCAPE.test(text) ? `"${text}"` : JSON.stringify(text)
}

/** JSON without the spaces that some databases put between its parts. */
export function compactJson(text: string): string {
  return text.includes(', ') || text.includes(': ') ? JSON.stringify(JSON.parse(text)) : text
}
