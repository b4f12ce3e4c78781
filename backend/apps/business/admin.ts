import { register } from '@bailiwick/kit/admin'
import { Business, Membership } from './models.ts'

export const BusinessAdmin = register(Business, {
  listDisplay: ['name', 'slug', 'is_active'],
  listFilter: ['is_active'],
  searchFields: ['name', 'slug'],
  ordering: ['name'],
})

export const MembershipAdmin = register(Membership, {
  listDisplay: ['user', 'role', 'created_at'],
  listFilter: ['role', 'created_at'],
  searchFields: ['user__email', 'user__name'],
  ordering: ['-created_at'],
  readonlyFields: ['created_at'],
})
