export { optimizeOperations } from './optimize-operations.ts'
