import { register } from '@bailiwick/kit/admin'
import { Session, User } from './models.ts'

export const UserAdmin = register(User, {
  listDisplay: ['email', 'name', 'is_active', 'is_superuser', 'last_login'],
  listFilter: ['is_active', 'is_superuser'],
  searchFields: ['email', 'name'],
  ordering: ['email'],
  readonlyFields: ['is_superuser', 'last_login'],
  fieldsets: [{ fields: ['email', 'name', 'is_active'] }, { title: 'Rights', fields: ['is_superuser', 'last_login'] }],
})

export const SessionAdmin = register(Session, {
  listDisplay: ['user', 'last_used_at', 'expires_at', 'ended_at', 'ip'],
  listFilter: ['user', 'last_used_at', 'ended_at'],
  ordering: ['-last_used_at'],
  readonlyFields: ['user', 'created_at', 'last_used_at', 'expires_at', 'ended_at', 'ip', 'user_agent'],
  fieldsets: [
    { fields: ['user', 'ip', 'user_agent'] },
    { title: 'Times', fields: ['created_at', 'last_used_at', 'expires_at', 'ended_at'] },
  ],
})
