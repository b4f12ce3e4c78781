import {
  bigInteger,
  boolean,
  choice,
  date,
  datetime,
  decimal,
  email,
  float,
  foreignKey,
  integer,
  json,
  longText,
  phone,
  slug,
  text,
  time,
  url,
  uuid,
} from '../fields/index.ts'
import { type AnyModel, model } from '../models/index.ts'

/** A model for each way of keeping rows, and a field of each kind. */
export function testModels(): AnyModel[] {
  const User = model('account.User', {
    scope: 'global',
    reason: 'one person may be in several businesses',
    fields: {
      email: email({ unique: true }),
      inviter: foreignKey('account.User', { onDelete: 'set null' }).optional(),
    },
  })
  const Client = model('clients.Client', {
    scope: 'business',
    fields: {
      name: text({ max: 120 }),
      email: email().optional(),
      phone: phone().optional(),
      site: url().optional(),
      handle: slug({ unique: true }).optional(),
      token: uuid().optional(),
      visits: integer({ min: 0 }).default(0),
      points: bigInteger().default(5n),
      credit: decimal({ digits: 12, places: 2 }).default('0'),
      score: float().optional(),
      is_vip: boolean().default(false),
      birthday: date().optional(),
      opens: time().optional(),
      seen_at: datetime().optional(),
      notes: longText().optional(),
      tags: json().default(['new']),
      status: choice(['lead', 'active', 'archived']).default('lead'),
      owner: foreignKey('account.User', { onDelete: 'set null' }).optional(),
      parent: foreignKey('clients.Client', { onDelete: 'cascade' }).optional(),
    },
    unique: [['email'], ['name', 'birthday']],
    indexes: [['status', '-created_at'], ['-visits']],
  })
  const Ticket = model('clients.Ticket', {
    scope: 'business',
    id: 'bigint',
    softDelete: false,
    fields: { client: foreignKey(() => Client, { onDelete: 'cascade' }), number: integer() },
    unique: [['client', 'number']],
  })
  const Reply = model('clients.Reply', {
    scope: 'business',
    fields: { ticket: foreignKey(() => Ticket, { onDelete: 'cascade' }), order: integer().default(1) },
    indexes: [['ticket', 'order']],
  })
  const Country = model('account.Country', {
    scope: 'global',
    id: 'bigint',
    reason: 'a list that all share',
    table: 'countries',
    fields: { name: text() },
  })
  return [Client, Ticket, Reply, User, Country]
}
