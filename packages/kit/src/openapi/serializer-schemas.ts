import type { JsonSchema } from '../db/index.ts'
import {
  type Expandable,
  type Expandables,
  type FieldMember,
  MAX_EXPANDED,
  type Member,
  type NestedSerializer,
} from '../rest/index.ts'
import type { Components } from './components.ts'
import { shownExample } from './example-of-serializer.ts'
import { defaultOf, orNull, valueSchema, wordsOf } from './schema-of-field.ts'

/** The version that a change was made for. */
export const VERSION_SCHEMA = {
  type: 'integer',
  minimum: 1,
  description: 'The version of the record as it was read: the change is refused if somebody has changed it since.',
} as const satisfies JsonSchema

interface TakenOptions {
  readonly isPartial: boolean
  /** Whether it also takes the version that the record must still have. */
  readonly hasVersion?: boolean
}

/** The schemas of what serializers show and take, each under the serializer's name. */
export class SerializerSchemas {
  readonly #components: Components
  readonly #names = new Map<NestedSerializer, string>()
  readonly #shapes = new Map<string, string>()
  readonly #made = new Map<string, JsonSchema>()

  constructor(components: Components) {
    this.#components = components
  }

  /** The name of a serializer's schema: of two different serializers of one name, the later has its app before it. */
  nameOf(serializer: NestedSerializer): string {
    const known = this.#names.get(serializer)
    if (known !== undefined) return known
    const shape = JSON.stringify([this.#shownProperties(serializer, null), this.#takenProperties(serializer, null)])
    const name = candidateNames(serializer).find((candidate) => (this.#shapes.get(candidate) ?? shape) === shape)
    const chosen = name ?? serializer.name
    this.#shapes.set(chosen, shape)
    this.#names.set(serializer, chosen)
    return chosen
  }

  /** What a serializer shows: every field, always. */
  shown(serializer: NestedSerializer): JsonSchema {
    const name = this.nameOf(serializer)
    return this.#once(name, () => {
      const properties = this.#shownProperties(serializer, name)
      return this.#components.schema(name, objectOf(properties, Object.keys(properties)))
    })
  }

  /** A part of what a serializer shows: some of its fields, references as objects, and when the row was deleted. */
  part(serializer: NestedSerializer, { expandable, hasDeletion }: PartOptions): JsonSchema {
    const name = this.nameOf(serializer)
    const targets = Object.entries(expandable).map(([key, target]) => `${key}=${this.nameOf(target.serializer)}`)
    return this.#once(`part ${name} ${targets} ${hasDeletion}`, () => {
      const properties = this.#shownProperties(serializer, name)
      for (const [key, target] of Object.entries(expandable)) {
        properties[key] = this.#expanded(target, properties[key])
      }
      if (hasDeletion) properties.deleted_at ??= { type: ['string', 'null'], format: 'date-time', readOnly: true }
      return this.#components.schema(`Partial${name}`, objectOf(properties, []))
    })
  }

  #expanded({ serializer, relation }: Expandable, plain: JsonSchema | undefined): JsonSchema {
    const object = this.shown(serializer)
    if (!relation) return { anyOf: [plain ?? {}, object] }
    const example = shownExample(serializer)
    if (relation.isOne) return { ...orNull(object), examples: [example], readOnly: true }
    const list = { type: 'array', items: object, maxItems: MAX_EXPANDED, examples: [[example]] }
    return plain ? { anyOf: [plain, list] } : { ...list, readOnly: true }
  }

  /** What a serializer takes; of a partial change, every field may be left out. */
  taken(serializer: NestedSerializer, { isPartial, hasVersion = false }: TakenOptions): JsonSchema {
    const name = this.nameOf(serializer)
    return this.#once(`taken ${name} ${isPartial} ${hasVersion}`, () => {
      const taken = this.#takenProperties(serializer, name)
      const properties = hasVersion ? { ...taken, version: VERSION_SCHEMA } : taken
      const required = writable(serializer).filter(({ isRequired }) => isRequired)
      const schema = isPartial
        ? objectOf(withoutDefaults(properties), [])
        : objectOf(
            properties,
            required.map((member) => member.name),
          )
      const requestName = name.endsWith('Request') ? name : `${name}Request`
      const prefix = `${isPartial ? 'Patched' : ''}${hasVersion ? 'Versioned' : ''}`
      return this.#components.schema(`${prefix}${requestName}`, { ...schema, additionalProperties: false })
    })
  }

  #once(key: string, make: () => JsonSchema): JsonSchema {
    const made = this.#made.get(key) ?? make()
    this.#made.set(key, made)
    return made
  }

  /** Without a name of the serializer's schema, choices stand in the place where they are used. */
  #shownProperties({ members }: NestedSerializer, name: string | null): Record<string, JsonSchema> {
    const shown = members.filter((member) => member.type !== 'field' || !member.isWriteOnly)
    return Object.fromEntries(shown.map((member) => [member.name, this.#shownProperty(member, name)]))
  }

  #shownProperty(member: Member, name: string | null): JsonSchema {
    if (member.type === 'nested') return this.#nestedProperty(member, name)
    const { settings } = member.type === 'field' ? member : member.field
    const schema = this.#fieldSchema(member, name)
    const isReadOnly = member.type === 'computed' || member.isReadOnly
    return { ...schema, ...wordsOf(settings), ...(isReadOnly ? { readOnly: true } : {}) }
  }

  #nestedProperty(member: Member & { readonly type: 'nested' }, name: string | null): JsonSchema {
    const { serializer, isList, isNullable } = member
    const object = name === null ? { $ref: this.nameOf(serializer) } : this.shown(serializer)
    if (isList) return { type: 'array', items: object, readOnly: true }
    return { ...(isNullable ? orNull(object) : object), readOnly: true }
  }

  #takenProperties(serializer: NestedSerializer, name: string | null): Record<string, JsonSchema> {
    return Object.fromEntries(
      writable(serializer).map((member) => {
        const words = { ...wordsOf(member.settings), ...(member.isWriteOnly ? { writeOnly: true } : {}) }
        return [member.name, { ...this.#fieldSchema(member, name), ...defaultOf(member), ...words }]
      }),
    )
  }

  #fieldSchema(member: Exclude<Member, { readonly type: 'nested' }>, name: string | null): JsonSchema {
    const field = member.type === 'field' ? member : member.field
    const schema = valueSchema(field)
    const isShared = name !== null && field.kind.name === 'choice'
    const value = isShared ? this.#components.schema(`${name}${pascal(member.name)}`, schema) : schema
    return field.settings.nullable ? orNull(value) : value
  }
}

interface PartOptions {
  /** What `expand` may show as objects. */
  readonly expandable: Expandables
  readonly hasDeletion: boolean
}

export const pascal = (name: string): string =>
  name.replaceAll(/(?:^|[^a-zA-Z0-9]+)([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase())

function candidateNames(serializer: NestedSerializer): string[] {
  const name = pascal(serializer.name)
  const [app = ''] = labelOf(serializer)?.split('.') ?? []
  const qualified = app === '' ? [] : [`${pascal(app)}${name}`]
  return [name, ...qualified, ...Array.from({ length: 100 }, (_, index) => `${name}${index + 2}`)]
}

function labelOf(serializer: NestedSerializer): string | null {
  const { model } = serializer as { readonly model?: { readonly label: string } | null } // as: most serializers have one
  return model?.label ?? null
}

const writable = ({ members }: NestedSerializer): FieldMember[] =>
  members.filter((member): member is FieldMember => member.type === 'field' && !member.isReadOnly)

/** A change in part leaves alone what it does not name: defaults have no place in it. */
function withoutDefaults(properties: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(properties).map(([name, { default: _, ...schema }]) => [name, schema]))
}

function objectOf(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[]): JsonSchema {
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) }
}
