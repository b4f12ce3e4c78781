import {
  choice,
  date,
  decimal,
  email,
  foreignKey,
  json,
  longText,
  model,
  phone,
  type Row,
  type TableOf,
  text,
} from '@bailiwick/kit/db'
import { User } from '../account/models.ts'

export const CLIENT_STATUSES = ['lead', 'active', 'archived'] as const

/** A customer of one business. */
export const Client = model('clients.Client', {
  scope: 'business',
  fields: {
    name: text({ max: 200 }),
    email: email().optional(),
    phone: phone().optional(),
    status: choice(CLIENT_STATUSES).default('lead'),
    owner: foreignKey(() => User, { onDelete: 'set null', help: 'The member who looks after them.' }).optional(),
    credit: decimal({ digits: 12, places: 2 }).default('0'),
    notes: longText().optional(),
    tags: json<readonly string[]>({ help: 'Words to find them by.' }).default([]),
    birthday: date().optional(),
  },
  unique: [['email']],
  indexes: [['status', '-created_at'], ['-created_at'], ['owner', '-created_at']],
  display: 'name',
})
export type Client = Row<typeof Client>

declare module '@bailiwick/kit/db' {
  interface Tables {
    clients_client: TableOf<typeof Client>
  }
}
