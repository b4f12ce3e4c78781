export { policiesAway } from './policies-away.ts'
export { restorePolicies } from './restore-policies.ts'
