import { type TextField, type TextOptions, textField } from './text.ts'

/** A text of any length up to `max` characters (none by default): notes, a description. White space is kept. */
export function longText(options: TextOptions = {}): TextField {
  return textField({
    ...options,
    name: 'longText',
    keepSpace: true,
    usualExample: 'Prefers to be called in the morning.',
  })
}
