import { columnNamed, foreignKeys, type Store } from '../db/index.ts'
import type { Expandables } from './expandable.ts'
import { assertShownWithin } from './model-members.ts'
import { shownNames } from './output-names.ts'
import { type AnySerializer, serializer } from './serializer.ts'
import type { ViewSet } from './viewset.ts'

/**
 * What the viewset says may be expanded: foreign keys, and relations that lead to other rows. By default the foreign keys
 * that are shown, each by its model's own serializer.
 *
 * @throws {TypeError} if it names no relation, or a serializer that cannot stand there
 */
export function expandablesOf(store: Store, set: ViewSet): Expandables {
  const { expand } = set.options
  if (expand) {
    return Object.fromEntries(
      Object.entries(expand).map(([name, shown]) => [name, expandableOf(store, set, name, shown)]),
    )
  }
  const names = new Set(
    set.serializer.members.filter((member) => member.type === 'field' && !member.isWriteOnly).map(({ name }) => name),
  )
  const keys = foreignKeys(set.model).filter(({ name }) => names.has(name))
  return Object.fromEntries(
    keys.map((key) => [key.name, { serializer: serializer(store.registry.target(key)), relation: null }]),
  )
}

function expandableOf(store: Store, { model, serializer: own, options }: ViewSet, name: string, shown: AnySerializer) {
  assertShownWithin(name, shown)
  const relation = store.registry.relation(model, name) ?? null
  if (!relation) store.registry.target(columnNamed(model, name))
  else if (shown.model?.label !== relation.model.label) {
    throw new TypeError(`${model.label}.${name} leads to ${relation.model.label}: ${shown.name} does not show that`)
  }
  const isTaken = [own, ...Object.values(options.serializers ?? {})].some(({ members }) =>
    members.some((member) => member.name === name && member.type !== 'field'),
  )
  if (relation && isTaken)
    throw new TypeError(`${own.name} has a member ${name}: the relation cannot be expanded there`)
  return { serializer: shown, relation }
}

/** What `fields` may name: what a serializer shows, and the lists that are expanded beside it. */
export function choosableNames(shown: AnySerializer, expandable: Expandables, expanded: readonly string[]): string[] {
  const lists = expanded.filter((name) => expandable[name]?.relation)
  return [...new Set([...shownNames(shown), ...lists])]
}
