import type { FieldMember, Router } from '../../../rest/index.ts'
import type { Plant } from './plant.ts'
import { replace } from './tap-statements.ts'

type Serializer = Router['viewsets'][string]['serializer']
type Member = Serializer['members'][number]

/** Declarations without a rule of their fields. */
export const DECLARED_PLANTS: readonly Plant[] = [
  declared('that a sensitive field is shown to nobody', ({ model }) =>
    [...(model?.columns.values() ?? [])]
      .filter(({ settings, origin }) => settings.sensitive && origin === 'declared')
      .map((column) => memberOf(column, { isReadOnly: true })),
  ),
  declared('that no client names the business of a row', ({ model }) => {
    const column = model?.columns.get('business_id')
    return column ? [memberOf(column, { isReadOnly: false })] : []
  }),
  loosened('that a field is taken and never shown', 'isWriteOnly'),
  loosened('that a field is shown and never taken', 'isReadOnly'),
]

/** Members that no serializer may have. */
function declared(name: string, more: (serializer: Serializer) => FieldMember[]): Plant {
  return {
    name,
    inRouters: (routers, occasions) => {
      const undo = serializersOf(routers).map((serializer) => {
        const members = serializer.members as Member[] // as: a list like any other, which nobody has frozen
        const added = more(serializer)
        members.push(...added)
        occasions.count += added.length
        return () => members.splice(members.length - added.length, added.length)
      })
      return () => {
        for (const each of undo) each()
      }
    },
  }
}

/** Members whose rule does not hold. */
function loosened(name: string, rule: 'isWriteOnly' | 'isReadOnly'): Plant {
  return {
    name,
    inRouters: (routers, occasions) => {
      const bound = serializersOf(routers).flatMap(({ members, model }) =>
        members
          .filter((member) => member.type === 'field')
          .filter((member) => member[rule] && model?.columns.get(member.name)?.origin === 'declared'),
      )
      for (const member of bound) replace(member, rule, false)
      occasions.count += bound.length
      return () => {
        for (const member of bound) replace(member, rule, true)
      }
    },
  }
}

function serializersOf(routers: readonly Router[]): Serializer[] {
  const all = routers.flatMap(({ viewsets }) =>
    Object.values(viewsets).flatMap(({ serializer, options }) => [serializer, ...Object.values(options.expand ?? {})]),
  )
  return [...new Set(all)]
}

interface Declared {
  readonly name: string
  readonly kind: FieldMember['kind']
  readonly settings: FieldMember['settings']
  readonly label: string
}

const memberOf = ({ name, kind, settings, label }: Declared, { isReadOnly }: { isReadOnly: boolean }): FieldMember => ({
  type: 'field',
  name,
  kind,
  settings,
  label,
  isReadOnly,
  isWriteOnly: false,
  isRequired: false,
})
