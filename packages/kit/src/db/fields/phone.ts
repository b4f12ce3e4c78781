import { type TextField, type TextOptions, textField } from './text.ts'

/**
 * A telephone number, kept as digits with an optional leading `+`, 3 to 15 digits (ITU-T E.164). Spaces, dots, hyphens
 * and parentheses are taken and dropped.
 */
export function phone(options: TextOptions = {}): TextField {
  return textField({
    ...options,
    name: 'phone',
    usualMax: 32,
    usualExample: '+97317000000',
    pattern: { test: isPhone, message: 'Enter a valid phone number.' },
    normalize: compact,
    schema: { pattern: '^\\+?[0-9 ().-]{3,31}$' },
  })
}

const compact = (text: string): string => text.replace(/[ ().-]/g, '')
const isPhone = (text: string): boolean => /^\+?[0-9 ().-]+$/.test(text) && /^\+?\d{3,15}$/.test(compact(text))
