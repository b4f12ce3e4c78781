import { generatedReferences } from '../fields/index.ts'
import type { Fields } from './model-types.ts'

/**
 * Checks that fields which the database computes name fields that it can compute them from.
 *
 * @throws {TypeError} if one names no field, or another computed one
 */
export function assertGeneratedFields(label: string, fields: Fields): void {
  for (const [name, { settings }] of Object.entries(fields)) {
    for (const reference of settings.generated ? generatedReferences(settings.generated) : []) {
      const base = fields[reference]
      if (base && !base.settings.generated) continue
      const flaw = base ? 'is computed itself' : 'is no field of it'
      throw new TypeError(`Cannot declare ${label}.${name}: it is computed from "${reference}", which ${flaw}`)
    }
  }
}

/** The fields that are computed from the one of that name. */
export function fieldsGeneratedFrom(fields: Fields, name: string): string[] {
  return Object.keys(fields).filter((other) => {
    const generated = fields[other]?.settings.generated
    return generated !== undefined && generatedReferences(generated).includes(name)
  })
}
