import type { Operation } from '../operations/index.ts'

/** Django's: names stay short enough for a terminal. */
const MAX_LENGTH = 52

/** A name for a migration from what it does: `client_phone`, `remove_client_fax_and_more`. */
export function migrationName(operations: readonly Operation[]): string {
  const fragments = operations.flatMap(({ fragment }) => (fragment === null ? [] : [fragment]))
  let name = fragments[0] ?? 'custom'
  for (const fragment of fragments.slice(1)) {
    const longer = `${name}_${fragment}`
    if (longer.length > MAX_LENGTH) return `${name}_and_more`
    name = longer
  }
  return name
}
