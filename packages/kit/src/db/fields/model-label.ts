import { type TextField, type TextOptions, textField } from './text.ts'

/**
 * The label of a model, such as `shop.Order`: one half of a `genericReference`, and what migrations call it. Where a model is
 * renamed by a migration, the values are as well.
 */
export function modelLabel(options: Omit<TextOptions, 'max' | 'min' | 'blank'> = {}): TextField {
  return textField({ ...options, name: MODEL_LABEL, usualMax: 150, usualExample: 'clients.Client' })
}

export const MODEL_LABEL = 'modelLabel'
