import type { AnySerializer } from './serializer.ts'

/** What `fields` and `expand` may name. */
export interface OutputNames {
  readonly shown: readonly string[]
  readonly expandable: readonly string[]
  /** Whether some of those are lists. */
  readonly hasLists: boolean
}

/** The names of what a serializer shows. */
export function shownNames({ members }: AnySerializer): string[] {
  return members.filter((member) => member.type !== 'field' || !member.isWriteOnly).map(({ name }) => name)
}
