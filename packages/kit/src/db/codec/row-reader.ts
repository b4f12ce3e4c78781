import type { DialectName, RawValue } from '../dialects/index.ts'
import type { AnyFieldKind } from '../fields/index.ts'

export type ReaderMember =
  | { readonly key: string; readonly index: number; readonly kind: AnyFieldKind }
  | { readonly key: string; readonly index: number; readonly isFlag: true }
  | { readonly key: string; readonly index: number; readonly members: readonly ReaderMember[] }

export type RowObject = Record<string, unknown>

/** Turns one row, as the driver gives it, into the object that app code reads. */
export function readRow(row: readonly RawValue[], members: readonly ReaderMember[], dialect: DialectName): RowObject {
  const read: RowObject = {}
  for (const member of members) read[member.key] = memberValue(row, member, dialect)
  return read
}

function memberValue(row: readonly RawValue[], member: ReaderMember, dialect: DialectName): unknown {
  const raw = row[member.index] ?? null
  if ('isFlag' in member) return raw !== null
  if (raw === null) return null
  return 'members' in member ? readRow(row, member.members, dialect) : member.kind.decode(raw, dialect)
}
