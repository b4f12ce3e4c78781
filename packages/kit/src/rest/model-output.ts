import {
  type CodecMember,
  columnNamed,
  compileJsonCodec,
  type Expansion,
  isIdList,
  plainSpec,
  type RawValue,
  type ReaderMember,
  type Relation,
  readRow,
  rowMembers,
  type SelectSpec,
  type Store,
} from '../db/index.ts'
import type { Expandables } from './expandable.ts'
import type { Member, NestedMember } from './member.ts'
import { represent } from './represent.ts'
import type { AnySerializer } from './serializer.ts'
import type { HookCall } from './viewset.ts'

/** How rows of a model are read and become JSON: which columns to ask for, and what to make of them. */
export interface ModelOutput {
  readonly columns: readonly string[]
  readonly expansions: readonly Expansion[]
  /** The many-to-many fields that are shown: the text of each one's ids stands behind the columns of a row, in this order. */
  readonly links: readonly string[]
  /** What is shown of relations that lead to other rows: behind the members of a row, by statements of their own. */
  readonly lists: readonly ExpandedList[]
  /** The JSON objects of rows, joined by commas. `hasCount`: whether the rows begin with a count. */
  json(rows: readonly RawValue[][], hasCount: boolean): string | Promise<string>
  /** The same where a viewset makes by itself what is shown; then `json` is not asked. */
  readonly presentedJson?: (call: HookCall, rows: readonly RawValue[][], hasCount: boolean) => Promise<string>
}

/** A relation whose rows are shown in a row, under its name. */
export interface ExpandedList {
  readonly relation: Relation
  readonly output: ModelOutput
}

export interface OutputChoice {
  readonly serializer: AnySerializer
  /** What may be expanded, of which `expand` names the wanted. */
  readonly expandable: Expandables
  readonly expand: readonly string[]
  /** Only these members; null for all. */
  readonly fields: ReadonlySet<string> | null
  /** Also tells when the row was deleted. */
  readonly showsDeletion: boolean
}

/**
 * Works out the output of a choice. Rows go from the driver's values to bytes by a compiled codec; objects are built only
 * for serializers with computed fields.
 */
export function modelOutput(store: Store, choice: OutputChoice): ModelOutput {
  const lists = chosenLists(store, choice)
  const members = chosenMembers(choice)
  const isCompiled = members.every((member) => member.type !== 'computed' && !hasComputed(member))
  if (!isCompiled) return { ...objectOutput(store, choice.serializer, members), lists }
  return { ...compiledOutput(store, members, lists.length > 0), lists }
}

type PlainOutput = Omit<ModelOutput, 'lists'>

function chosenLists(store: Store, { expand, expandable }: OutputChoice): ExpandedList[] {
  return expand.flatMap((name) => {
    const { serializer, relation } = expandable[name] ?? {}
    if (!serializer || !relation) return []
    return [{ relation, output: modelOutput(store, { ...NOTHING_CHOSEN, serializer }) }]
  })
}

const NOTHING_CHOSEN = { expandable: {}, expand: [], fields: null, showsDeletion: false } as const

function chosenMembers({ serializer, expandable, expand, fields, showsDeletion }: OutputChoice): Member[] {
  const shown = serializer.members.filter((member) => {
    const isList = expand.includes(member.name) && expandable[member.name]?.relation
    return !isList && (fields === null || fields.has(member.name)) && !(member.type === 'field' && member.isWriteOnly)
  })
  const chosen = shown.map((member) => (expand.includes(member.name) ? expanded(member, expandable) : member))
  const deletedAt = serializer.model?.columns.get('deleted_at')
  if (!showsDeletion || !deletedAt || chosen.some(({ name }) => name === 'deleted_at')) return chosen
  const { name, kind, settings, label } = deletedAt
  const flags = { isReadOnly: true, isWriteOnly: false, isRequired: false }
  return [...chosen, { type: 'field', name, kind, settings, label, ...flags }]
}

function expanded(member: Member, expandable: Expandables): Member {
  const serializer = expandable[member.name]?.serializer
  if (!serializer || member.type !== 'field') return member
  const { name, settings } = member
  return { type: 'nested', name, column: name, serializer, isList: false, isNullable: settings.nullable }
}

const hasComputed = (member: Member): boolean =>
  member.type === 'nested' && member.serializer.members.some(({ type }) => type !== 'field')

/** The column that a member is read from; `is_deleted` is read from when the row was deleted. */
const sourceOf = (name: string): string => (name === 'is_deleted' ? 'deleted_at' : name)

const shownFields = ({ serializer }: NestedMember): Member[] =>
  serializer.members.filter((member) => member.type === 'field' && !member.isWriteOnly)

const isLink = (member: Member): boolean => member.type === 'field' && isIdList(member.kind)

const isNested = (member: Member): member is NestedMember => member.type === 'nested'

function compiledOutput(store: Store, members: readonly Member[], hasLists: boolean): PlainOutput {
  const links = members.filter(isLink).map(({ name }) => name)
  const fields = members.filter((member) => member.type === 'field' && !isLink(member))
  // The id finds what the row is tied to.
  const own = [
    ...new Set([...(links.length > 0 || hasLists ? ['id'] : []), ...fields.map(({ name }) => sourceOf(name))]),
  ]
  const expansions = members.filter(isNested).map((member) => ({
    name: member.column ?? member.name,
    // The id tells whether there is a row at all.
    columns: [...new Set(['id', ...shownFields(member).map(({ name }) => sourceOf(name))])],
  }))
  const columns = own.length > 0 ? own : ['id']
  const codecFor = (start: number) => {
    return compileJsonCodec(codecMembers(members, { columns, expansions, links, start }), store.database.dialect)
  }
  const [plain, counted] = [codecFor(0), codecFor(1)]
  return { columns, expansions, links, json: (rows, hasCount) => (hasCount ? counted(rows) : plain(rows)) }
}

interface Layout {
  readonly columns: readonly string[]
  readonly expansions: readonly Expansion[]
  readonly links: readonly string[]
  readonly start: number
}

function codecMembers(members: readonly Member[], { columns, expansions, links, start }: Layout): CodecMember[] {
  let next = start + columns.length
  const starts = new Map(
    expansions.map(({ name, columns: nested }) => {
      const from = next
      next += nested.length
      return [name, { from, nested }] as const
    }),
  )
  return members.map((member) => {
    if (isLink(member)) return codecField(member, next + links.indexOf(member.name))
    if (!isNested(member)) return codecField(member, start + columns.indexOf(sourceOf(member.name)))
    const { from, nested } = starts.get(member.column ?? member.name) ?? { from: 0, nested: [] }
    const inner = shownFields(member).map((field) => codecField(field, from + nested.indexOf(sourceOf(field.name))))
    return { key: member.name, index: from, members: inner }
  })
}

function codecField(member: Member, index: number): CodecMember {
  if (member.type !== 'field') throw new TypeError(`${member.name} cannot be compiled`)
  if (member.name === 'is_deleted') return { key: member.name, index, isFlag: true }
  return { key: member.name, index, kind: member.kind, nullable: member.settings.nullable }
}

function objectOutput(store: Store, serializer: AnySerializer, members: readonly Member[]): PlainOutput {
  const { model } = serializer
  if (!model) throw new TypeError(`The serializer ${serializer.name} has no model`)
  const expansions = members.filter(isNested).map(({ column, name }) => {
    const target = store.registry.target(columnNamed(model, column ?? name))
    return { name: column ?? name, columns: [...target.columns.keys()] }
  })
  const shape = { name: serializer.name, members }
  const { columns } = plainSpec(model)
  const links = members.filter(isLink)
  const width = columns.length + expansions.reduce((sum, expansion) => sum + expansion.columns.length, 0)
  const readers = [false, true].map((hasCount) => {
    const spec: SelectSpec = { ...plainSpec(model), expansions, hasCount }
    const first = width + (hasCount ? 1 : 0)
    return [...rowMembers(store.registry, spec), ...links.map((member, at) => linkReader(member, first + at))]
  })
  return {
    columns,
    expansions,
    links: links.map(({ name }) => name),
    json: async (rows, hasCount) => {
      const reader = readers[hasCount ? 1 : 0] ?? []
      const objects = rows.map((row) => represent(shape, readRow(row, reader, store.database.dialect)))
      return (await Promise.all(objects)).map((object) => JSON.stringify(object)).join()
    },
  }
}

function linkReader(member: Member, index: number): ReaderMember {
  if (member.type !== 'field') throw new TypeError(`${member.name} is no many-to-many field`)
  return { key: member.name, index, kind: member.kind }
}
