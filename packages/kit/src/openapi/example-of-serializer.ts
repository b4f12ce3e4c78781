import type { Json } from '../db/index.ts'
import type { Member, NestedSerializer } from '../rest/index.ts'
import { exampleOf } from './schema-of-field.ts'

type JsonObject = { readonly [key: string]: Json }

/** An example of what a serializer shows. */
export function shownExample({ members }: NestedSerializer): JsonObject {
  const shown = members.filter((member) => member.type !== 'field' || !member.isWriteOnly)
  return Object.fromEntries(shown.map((member) => [member.name, memberExample(member)]))
}

/** An example of what a serializer takes. */
export function takenExample({ members }: NestedSerializer): JsonObject {
  const taken = members.filter((member) => member.type === 'field' && !member.isReadOnly)
  return Object.fromEntries(taken.map((member) => [member.name, memberExample(member)]))
}

function memberExample(member: Member): Json {
  switch (member.type) {
    case 'field':
      return exampleOf(member)
    case 'computed':
      return exampleOf(member.field)
    case 'nested': {
      const object = shownExample(member.serializer)
      return member.isList ? [object] : object
    }
  }
}
