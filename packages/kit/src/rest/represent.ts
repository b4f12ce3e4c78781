import { storedMoment, wireText } from '../db/index.ts'
import type { Member, NestedMember, NestedSerializer } from './member.ts'

type Source = Readonly<Record<string, unknown>>

/** Only these members are shown; null shows all. */
export type ShownNames = ReadonlySet<string> | null

/** The JSON value that a serializer makes of an object: a row, or what a view gives. */
export async function represent(
  serializer: NestedSerializer,
  source: Source,
  shown: ShownNames = null,
): Promise<Source> {
  const json: Record<string, unknown> = {}
  for (const member of serializer.members) {
    if (shown !== null && !shown.has(member.name)) continue
    if (member.type === 'field' && member.isWriteOnly) continue
    json[member.name] = await memberValue(member, source)
  }
  return json
}

async function memberValue(member: Member, source: Source): Promise<unknown> {
  if (member.type === 'nested') return nestedValue(member, source[member.name])
  if (member.type === 'field') return wireValue(source[member.name] ?? null)
  const { compute } = member
  return wireValue(await compute(source as never)) // as: a serializer is given rows of its model
}

async function nestedValue({ serializer, isList }: NestedMember, value: unknown): Promise<unknown> {
  if (value === null || value === undefined) return null
  if (!isList) return represent(serializer, value as Source) // as: a view gives what its serializer's type says
  return Promise.all((value as readonly Source[]).map((item) => represent(serializer, item))) // as: the same
}

/** A value of a row as JSON has it: moments in ISO 8601, 64-bit integers as strings. */
function wireValue(value: unknown): unknown {
  if (value instanceof Date) return wireText(storedMoment(value))
  return typeof value === 'bigint' ? String(value) : value
}
