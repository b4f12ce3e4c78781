export * from '../fields/index.ts'
export * from './index.ts'
