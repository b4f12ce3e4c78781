export * from '../fields/index.ts'
export * from '../models/index.ts'
export * from './index.ts'
