export { introspect } from './introspect.ts'
export type { ColumnFacts, ForeignKeyFacts, IndexFacts, TableFacts } from './table-facts.ts'
export { type UntypedTable, wantedTables, withoutTypes } from './wanted-tables.ts'
