const PLACEHOLDER = /\{\{\s*([a-z][a-z0-9_]*)(\??)\s*\}\}/g

/** A text with placeholders: `{{ name }}`, or `{{ ip? }}`, whose whole line is left out if there is no such value. */
export interface Placeholder {
  readonly name: string
  readonly isOptional: boolean
}

/** The placeholders of a text. @throws {SyntaxError} if something looks like one and is none */
export function placeholdersIn(text: string): Placeholder[] {
  const rest = text.replace(PLACEHOLDER, '')
  const stray = /\{\{[^}\n]*\}?\}?|\}\}/.exec(rest)
  if (stray) throw new SyntaxError(`${JSON.stringify(stray[0])} is not a placeholder: write {{ name }} or {{ name? }}`)
  return Array.from(text.matchAll(PLACEHOLDER), ([, name = '', mark]) => ({ name, isOptional: mark === '?' }))
}

export type Values = Readonly<Record<string, string>>

/**
 * Puts values in. Lines with an optional placeholder that has no value are left out.
 *
 * @throws {TypeError} for a placeholder that has none and is not optional
 */
export function fillIn(text: string, values: Values, show: (value: string, name: string) => string): string {
  const kept = text.split('\n').filter((line) => !placeholdersIn(line).some((one) => isLeftOut(one, values)))
  return kept.join('\n').replace(PLACEHOLDER, (_, name: string) => {
    if (!Object.hasOwn(values, name))
      throw new TypeError(`The template shows {{ ${name} }}, and no such value was given`)
    return show(values[name] ?? '', name)
  })
}

function isLeftOut({ name, isOptional }: Placeholder, values: Values): boolean {
  return isOptional && (!Object.hasOwn(values, name) || values[name] === '')
}

/** A value as it stands in HTML, in an element or in a quoted attribute. */
export function escapeHtml(value: string): string {
  return value.replace(/[&<>"']/g, (character) => HTML[character] ?? character)
}

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
