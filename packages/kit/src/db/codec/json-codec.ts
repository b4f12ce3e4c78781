import type { DialectName, RawValue } from '../dialects/index.ts'
import { type AnyFieldKind, CODEC_FUNCTIONS } from '../fields/index.ts'

/** One member of the JSON object that a row becomes. */
export type CodecMember =
  | { readonly key: string; readonly index: number; readonly kind: AnyFieldKind; readonly nullable: boolean }
  /** True where the column at `index` has a value. */
  | { readonly key: string; readonly index: number; readonly isFlag: true }
  /** An object of its own, null where the column at `index` is. */
  | { readonly key: string; readonly index: number; readonly members: readonly CodecMember[] }

/** Turns rows, as the driver gives them, into the text of their JSON objects, joined by commas. */
export type JsonCodec = (rows: readonly RawValue[][]) => string

/**
 * Compiles a codec: straight-line code for exactly these members, which builds no object and no `Date`. The source is
 * made of key names (as JSON) and of the expressions of field kinds, never of values.
 */
export function compileJsonCodec(members: readonly CodecMember[], dialect: DialectName): JsonCodec {
  const names = Object.keys(CODEC_FUNCTIONS)
  const source = `
    let text = ''
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at]
      text += ${objectSource(members, dialect, `(at === 0 ? '{' : ',{')`)}
    }
    return text`
  // Code made from declarations at start; no input of a request ever reaches it.
  const make = new Function(...names, `'use strict'; return (rows) => {${source}}`)
  return make(...Object.values(CODEC_FUNCTIONS))
}

function objectSource(members: readonly CodecMember[], dialect: DialectName, opening: string): string {
  const parts = members.map((member, at) => {
    const key = JSON.stringify(`${at === 0 ? '' : ','}${JSON.stringify(member.key)}:`)
    return `${key} + ${memberSource(member, dialect)}`
  })
  return [opening, ...parts, `'}'`].join(' + ')
}

function memberSource(member: CodecMember, dialect: DialectName): string {
  const raw = `row[${member.index}]`
  if ('isFlag' in member) return `(${raw} === null ? 'false' : 'true')`
  const value =
    'members' in member ? objectSource(member.members, dialect, `'{'`) : member.kind.jsonSource(raw, dialect)
  if ('members' in member || member.nullable) return `(${raw} === null ? 'null' : ${value})`
  return `(${value})`
}
