export type { BenchDatabase, LoadedColumn, LoadedValue } from './bench-database.ts'
export { createBenchDatabase } from './create-bench-database.ts'
