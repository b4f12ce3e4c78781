import type { JsonSchema } from '../db/index.ts'
import { HEADERS } from './headers.ts'
import type { ComponentsObject, Reference, ResponseObject } from './open-api-types.ts'
import { SECURITY_SCHEMES } from './security-schemes.ts'

/** The parts that operations share, each under a name of its own. */
export class Components {
  readonly #schemas = new NamedParts<JsonSchema>('schemas')
  readonly #responses = new NamedParts<ResponseObject>('responses')
  readonly #references = new Map<string, Reference>()

  /** Keeps a schema under a name, or under the name with a number if another schema has it. */
  schema(name: string, schema: JsonSchema): { readonly $ref: string } {
    return this.#schemas.keep(name, schema)
  }

  /** Keeps a response under a name. Of one key, it is made once. */
  response(key: string, make: () => { readonly name: string; readonly response: ResponseObject }): Reference {
    const known = this.#references.get(key)
    if (known) return known
    const { name, response } = make()
    const reference = this.#responses.keep(name, response)
    this.#references.set(key, reference)
    return reference
  }

  all(): ComponentsObject {
    return {
      schemas: this.#schemas.sorted(),
      responses: this.#responses.sorted(),
      headers: HEADERS,
      securitySchemes: SECURITY_SCHEMES,
    }
  }
}

class NamedParts<Part> {
  readonly #folder: string
  readonly #parts = new Map<string, { readonly part: Part; readonly text: string }>()

  constructor(folder: string) {
    this.#folder = folder
  }

  keep(name: string, part: Part): { readonly $ref: string } {
    const text = JSON.stringify(part)
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? name : `${name}${number}`
      const known = this.#parts.get(candidate)
      if (known === undefined) this.#parts.set(candidate, { part, text })
      if (known === undefined || known.text === text) return { $ref: `#/components/${this.#folder}/${candidate}` }
    }
  }

  sorted(): Record<string, Part> {
    const names = [...this.#parts.keys()].sort()
    return Object.fromEntries(
      names.flatMap((name) => {
        const known = this.#parts.get(name)
        return known ? [[name, known.part]] : []
      }),
    )
  }
}
