import { type TextField, type TextOptions, textField } from './text.ts'

/** A name for use in addresses: letters, digits, underscores and hyphens, at most 50 unless `max` says otherwise. */
export function slug(options: TextOptions = {}): TextField {
  return textField({
    ...options,
    name: 'slug',
    usualMax: 50,
    usualExample: 'acme-trading',
    schema: { pattern: '^[-a-zA-Z0-9_]+$' },
    pattern: {
      test: (value) => /^[-a-zA-Z0-9_]+$/.test(value),
      message: 'Enter a valid "slug" consisting of letters, numbers, underscores or hyphens.',
    },
  })
}
