import { type TextField, type TextOptions, textField } from './text.ts'

/** A text of many lines: notes, a description. At most 100,000 characters unless `max` says otherwise. White space is kept. */
export function longText(options: TextOptions = {}): TextField {
  return textField({
    ...options,
    name: 'longText',
    usualMax: 100_000,
    isLong: true,
    keepSpace: true,
    usualExample: 'Prefers to be called in the morning.',
  })
}
