import { register } from '@bailiwick/kit/admin'
import { Passkey, SecurityEvent, Session, Totp, TrustedDevice, User } from './models.ts'

export const UserAdmin = register(User, {
  listDisplay: ['email', 'name', 'is_active', 'is_superuser', 'last_login'],
  listFilter: ['is_active', 'is_superuser'],
  searchFields: ['email', 'name'],
  ordering: ['email'],
  readonlyFields: ['is_superuser', 'last_login', 'email_verified_at'],
  fieldsets: [
    { fields: ['email', 'name', 'phone', 'language', 'time_zone', 'is_active'] },
    { title: 'Rights', fields: ['is_superuser', 'last_login', 'email_verified_at'] },
  ],
})

export const SessionAdmin = register(Session, {
  listDisplay: ['user', 'last_used_at', 'expires_at', 'ended_at', 'ip', 'has_second_factor'],
  listFilter: ['user', 'last_used_at', 'ended_at', 'transport', 'has_second_factor'],
  ordering: ['-last_used_at'],
  readonlyFields: ['user', 'created_at', 'last_used_at', 'expires_at', 'ended_at', 'ip', 'user_agent'],
  fieldsets: [
    { fields: ['user', 'ip', 'user_agent'] },
    { title: 'Times', fields: ['created_at', 'last_used_at', 'expires_at', 'ended_at'] },
  ],
})

export const TotpAdmin = register(Totp, {
  listDisplay: ['user', 'created_at', 'confirmed_at'],
  listFilter: ['user', 'confirmed_at'],
  ordering: ['-created_at'],
  readonlyFields: ['user', 'created_at', 'confirmed_at', 'last_step'],
})

export const PasskeyAdmin = register(Passkey, {
  listDisplay: ['user', 'name', 'is_backed_up', 'created_at', 'last_used_at'],
  listFilter: ['user', 'is_backed_up', 'last_used_at'],
  searchFields: ['name'],
  ordering: ['-created_at'],
  readonlyFields: ['user', 'credential_id', 'sign_count', 'transports', 'is_backed_up', 'created_at', 'last_used_at'],
})

export const TrustedDeviceAdmin = register(TrustedDevice, {
  listDisplay: ['user', 'ip', 'created_at', 'last_used_at', 'expires_at'],
  listFilter: ['user', 'last_used_at', 'expires_at'],
  ordering: ['-last_used_at'],
  readonlyFields: ['user', 'ip', 'user_agent', 'created_at', 'last_used_at', 'expires_at'],
})

export const SecurityEventAdmin = register(SecurityEvent, {
  listDisplay: ['at', 'kind', 'user', 'ip'],
  listFilter: ['kind', 'user', 'at'],
  searchFields: ['kind', 'ip'],
  ordering: ['-at'],
  readonlyFields: ['at', 'kind', 'user', 'actor', 'business', 'session', 'ip', 'user_agent', 'details'],
})
