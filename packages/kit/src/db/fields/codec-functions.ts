import { trimStored } from './date-rules.ts'

/** The functions that the JSON source of a field kind may call by name. */
export const CODEC_FUNCTIONS = Object.freeze({ quote, trimStored })

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON wants escaped
const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/

/** A text as a JSON string. Most texts need no escape, and joining is faster than `JSON.stringify`. */
export function quote(text: string): string {
  return text.length < 64 && !NEEDS_ESCAPE.test(text) ? `"${text}"` : JSON.stringify(text)
}
