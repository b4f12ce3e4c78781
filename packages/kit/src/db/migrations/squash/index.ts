export { reachOf } from './operation-reach.ts'
export { optimizeOperations } from './optimize-operations.ts'
