import type { MigrationReference } from '../migration.ts'
import type { Operation } from '../operations/index.ts'
import { array, call, type Layout, object, pair, print } from './layout.ts'
import { argumentLayout, calledNames, operationLayout, stringText } from './value-layout.ts'

export interface MigrationSourceOptions {
  readonly dependencies: readonly MigrationReference[]
  /** What the migration stands for. */
  readonly replaces?: readonly MigrationReference[]
  readonly isInitial: boolean
  readonly operations: readonly Operation[]
  /** Where operations and fields are imported from. */
  readonly importFrom: string
}

/** The text of a migration's file: the same for the same changes, and in the formatter's own form. */
export function migrationSource(given: MigrationSourceOptions): string {
  const { dependencies, replaces = [], isInitial, operations, importFrom } = given
  const names = ['migration', ...operations.flatMap(calledNames)]
  const options = [
    ...(replaces.length === 0 ? [] : [pair('replaces', argumentLayout(replaces))]),
    ...(dependencies.length === 0 ? [] : [pair('dependencies', argumentLayout(dependencies))]),
    ...(isInitial ? [pair('initial', 'true')] : []),
    pair('operations', array(operations.map(operationLayout))),
  ]
  const start = 'export default '
  const body = print(call('migration', [object(options, true)]), { indent: 0, taken: start.length })
  return `${importText(names, importFrom)}\n\n${start}${body}\n`
}

function importText(names: readonly string[], importFrom: string): string {
  const sorted = [...new Set(names)].sort((left, right) => (sortKey(left) < sortKey(right) ? -1 : 1))
  const end = ` from ${stringText(importFrom)}`
  const list: Layout = object(sorted)
  return `import ${print(list, { indent: 0, taken: 'import '.length + end.length })}${end}`
}

/** The formatter sorts names without regard to case. */
const sortKey = (name: string): string => name.toLowerCase()
