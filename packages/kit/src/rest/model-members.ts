import {
  type AnyFieldKind,
  type AnyModel,
  boolean,
  type Column,
  columnNamed,
  type Field,
  type FieldSettings,
  idListKind,
  isIdList,
  type ManyToMany,
} from '../db/index.ts'
import type { FieldMember, Member, NestedSerializer } from './member.ts'

interface MemberOptions {
  readonly fields?: readonly string[]
  readonly exclude?: readonly string[]
  readonly readOnly?: readonly string[]
  readonly writeOnly?: readonly string[]
  readonly computed?: Readonly<Record<string, { readonly field: Field; readonly compute: (row: never) => unknown }>>
  readonly nested?: Readonly<Record<string, NestedSerializer>>
}

/** The members of a model's serializer. @throws {TypeError} if an option names a field that there is not */
export function modelMembers(model: AnyModel, options: MemberOptions): Member[] {
  const { readOnly = [], writeOnly = [], exclude = [], computed = {}, nested = {} } = options
  for (const name of [...readOnly, ...writeOnly, ...exclude, ...Object.keys(nested)]) columnOrDeletion(model, name)
  const names = (options.fields ?? defaultFields(model)).filter((name) => !exclude.includes(name))
  const members = names.flatMap((name): Member[] => {
    const column = columnOrDeletion(model, name)
    const isReadOnly = readOnly.includes(name) || column.origin !== 'declared' || column.settings.readOnly === true
    const isWriteOnly = writeOnly.includes(name) || column.settings.writeOnly === true
    const isKey = name in nested
    const field = { ...fieldMember(name, column), isReadOnly, isWriteOnly: isWriteOnly || isKey, label: column.label }
    const shown = nested[name]
    if (!shown) return [field]
    assertShownWithin(name, shown)
    const object = { type: 'nested', name, column: name, serializer: shown, isList: false } as const
    return [...(isReadOnly ? [] : [field]), { ...object, isNullable: column.settings.nullable }]
  })
  const worked = Object.entries(computed).map(([name, { field, compute }]): Member => {
    if (model.columns.has(name)) throw new TypeError(`${model.label}.${name} is a field: it cannot be computed`)
    return { type: 'computed', name, field, compute }
  })
  return [...members, ...worked]
}

/**
 * Refuses a serializer that is shown within another if it shows a many-to-many field: that takes a statement of its own.
 *
 * @throws {TypeError}
 */
export function assertShownWithin(name: string, shown: NestedSerializer): void {
  const link = shown.members.find((member) => member.type === 'field' && isIdList(member.kind))
  if (link) throw new TypeError(`${shown.name} is shown within another, as ${name}: it cannot show ${link.name}`)
}

/** A member from a field, before a serializer says more of it. */
export function fieldMember(
  name: string,
  field: { readonly kind: AnyFieldKind; readonly settings: FieldSettings },
): FieldMember {
  const { settings, kind } = field
  return {
    type: 'field',
    name,
    kind,
    settings,
    isReadOnly: settings.readOnly === true,
    isWriteOnly: settings.writeOnly === true,
    isRequired: !settings.nullable && settings.defaultValue === undefined,
    label: settings.label ?? name,
  }
}

const SHOWN_AUDIT = new Set(['created_at', 'updated_at'])

/** What is shown where nothing else is said. */
export function defaultFields(model: AnyModel): string[] {
  return [...model.columns.values()]
    .filter(({ origin, name, settings }) => {
      if (settings.sensitive) return false
      return (
        origin === 'id' ||
        origin === 'declared' ||
        origin === 'version' ||
        (origin === 'audit' && SHOWN_AUDIT.has(name))
      )
    })
    .map(({ name }) => name)
}

const IS_DELETED = boolean({ readOnly: true })

function columnOrDeletion(model: AnyModel, name: string): Pick<Column, 'kind' | 'settings' | 'origin' | 'label'> {
  const link = model.links[name]
  if (link) return linkColumn(model, name, link)
  if (name === 'is_deleted' && model.hasSoftDelete) {
    return { kind: IS_DELETED.kind, settings: IS_DELETED.settings, origin: 'deletion', label: 'Is deleted' }
  }
  const column = columnNamed(model, name)
  if (column.settings.sensitive) throw new TypeError(`${model.label}.${name} is sensitive: no serializer may name it`)
  return column
}

/** A many-to-many field as a serializer shows and takes it: a list of ids, none where it is left out. */
function linkColumn(
  model: AnyModel,
  name: string,
  { targetOf, options }: ManyToMany,
): ReturnType<typeof columnOrDeletion> {
  const kind = idListKind(() => (targetOf === 'self' ? model : targetOf()).idKind)
  const { help } = options
  const settings = { nullable: false, defaultValue: [], ...(help === undefined ? {} : { help }) }
  return { kind, settings, origin: 'declared', label: options.label ?? name.replaceAll('_', ' ') }
}
