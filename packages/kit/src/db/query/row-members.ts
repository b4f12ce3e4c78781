import type { ReaderMember } from '../codec/index.ts'
import { type AnyModel, columnNamed, type Registry } from '../models/index.ts'
import type { Expansion, SelectSpec } from './select-spec.ts'

/** The names of all columns of a model. */
export const columnNames = (model: AnyModel): string[] => [...model.columns.keys()]

/** What each place of a spec's rows becomes. */
export function rowMembers(registry: Registry, spec: SelectSpec): ReaderMember[] {
  const start = spec.hasCount ? 1 : 0
  const own = membersOf(spec.model, spec.columns, start)
  let next = start + spec.columns.length
  const nested = spec.expansions.map((expansion) => {
    const members = nestedMember(registry, spec.model, expansion, next)
    next += expansion.columns.length
    return members
  })
  // What is read along takes the place of the foreign key.
  return [...own, ...nested]
}

function nestedMember(registry: Registry, model: AnyModel, { name, columns }: Expansion, start: number): ReaderMember {
  const target = registry.target(columnNamed(model, name))
  return { key: name, index: start + columns.indexOf('id'), members: membersOf(target, columns, start) }
}

function membersOf(model: AnyModel, columns: readonly string[], start: number): ReaderMember[] {
  const members: ReaderMember[] = columns.map((name, at) => ({
    key: name,
    index: start + at,
    kind: columnNamed(model, name).kind,
  }))
  const deletedAt = columns.indexOf('deleted_at')
  return deletedAt === -1 ? members : [...members, { key: 'is_deleted', index: start + deletedAt, isFlag: true }]
}
