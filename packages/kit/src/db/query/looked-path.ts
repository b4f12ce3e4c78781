import { type RawBuilder, sql } from 'kysely'
import type { DialectName } from '../dialects/index.ts'
import { type AnyFieldKind, isForeignKey, isMomentPart } from '../fields/index.ts'
import type { AnyModel, Registry } from '../models/index.ts'
import type { PartView } from './column-view.ts'
import { type FieldPath, resolvePath } from './field-path.ts'
import type { JoinedTables } from './joined-tables.ts'
import { kindOfPart, momentView } from './moment-view.ts'
import { viewSql } from './view-sql.ts'

/** A column reached from a model, or a part of the date or the time that it holds: `orders__placed_at__year`. */
export interface LookedPath extends FieldPath {
  readonly view?: PartView
}

/**
 * Finds what a path names.
 *
 * @throws {TypeError} if a step names no field, or a part that the field does not have
 */
export function resolveLookedPath(registry: Registry, model: AnyModel, name: string): LookedPath {
  const at = name.lastIndexOf('__')
  const part = name.slice(at + 2)
  if (at === -1 || !isMomentPart(part)) return resolvePath(registry, model, name)
  const whole = resolvePath(registry, model, name.slice(0, at))
  const { kind } = whole.column
  // A field of the model behind a foreign key may be named like a part.
  if (isForeignKey(kind)) return resolvePath(registry, model, name)
  if (kind.lookups.includes(part)) return { ...whole, name, view: momentView(kind, part) }
  throw new TypeError(`Cannot take "${name}": ${model.label}.${whole.name} has no ${part}`)
}

/** The kind that the values of a path are of. */
export const kindOfPath = ({ view, column }: LookedPath): AnyFieldKind => (view ? kindOfPart(view.part) : column.kind)

/** What a path names, as SQL. */
export function lookedSql(
  { hops, column, view }: LookedPath,
  tables: JoinedTables,
  dialect: DialectName,
): RawBuilder<unknown> {
  const ref = sql.ref(tables.columnOver(hops, column))
  return view ? sql`${viewSql(view, { ref, item: null, dialect, slots: [] })}` : ref
}
