import { register } from '@bailiwick/kit/admin'
import { Client } from './models.ts'

export const ClientAdmin = register(Client, {
  listDisplay: ['name', 'email', 'status', 'owner', 'credit', 'created_at'],
  listFilter: ['status', 'owner', 'created_at'],
  searchFields: ['name', 'email', 'phone'],
  ordering: ['-created_at'],
  readonlyFields: ['created_at', 'updated_at'],
  fieldsets: [
    { fields: ['name', 'email', 'phone', 'birthday'] },
    { title: 'Business', fields: ['status', 'owner', 'credit', 'tags', 'notes'] },
    { title: 'Dates', fields: ['created_at', 'updated_at'] },
  ],
})
