import { register } from '@bailiwick/kit/admin'
import { ApiKey, Business, Invitation, Membership } from './models.ts'

export const BusinessAdmin = register(Business, {
  listDisplay: ['name', 'slug', 'is_active'],
  listFilter: ['is_active', 'allows_email_code'],
  searchFields: ['name', 'slug'],
  ordering: ['name'],
})

export const MembershipAdmin = register(Membership, {
  listDisplay: ['user', 'role', 'is_active', 'created_at'],
  listFilter: ['role', 'is_active', 'created_at'],
  searchFields: ['user__email', 'user__name'],
  ordering: ['-created_at'],
  readonlyFields: ['created_at'],
})

export const ApiKeyAdmin = register(ApiKey, {
  listDisplay: ['name', 'prefix', 'role', 'expires_at', 'revoked_at', 'last_used_at'],
  listFilter: ['role', 'expires_at', 'revoked_at', 'last_used_at'],
  searchFields: ['name', 'prefix'],
  ordering: ['-created_at'],
  readonlyFields: ['prefix', 'scopes', 'role', 'revoked_at', 'last_used_at', 'last_used_ip'],
})

export const InvitationAdmin = register(Invitation, {
  listDisplay: ['email', 'role', 'expires_at', 'accepted_at', 'revoked_at'],
  listFilter: ['role', 'accepted_at', 'revoked_at'],
  searchFields: ['email'],
  ordering: ['-created_at'],
  readonlyFields: ['email', 'role', 'expires_at', 'accepted_at', 'revoked_at'],
})
