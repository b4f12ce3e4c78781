import { sessionFields, userFields } from '@bailiwick/kit/auth'
import { model, type Row, type TableOf } from '@bailiwick/kit/db'

/** A person who signs in. */
export const User = model('account.User', {
  scope: 'global',
  reason: 'One person may belong to several businesses.',
  fields: userFields(),
  // By its label, since memberships point to users: inside a business only its members are seen.
  sharedThrough: () => ({ model: 'business.Membership', field: 'user' }),
  ordering: ['email'],
  display: 'email',
})
export type User = Row<typeof User>

/** What a user has signed in to, from one place. It lives until it is ended or no longer renewed. */
export const Session = model('account.Session', {
  scope: 'global',
  reason: 'It is there before a business is chosen.',
  fields: sessionFields(() => User),
  indexes: [['user', 'ended_at'], ['expires_at']],
  ordering: ['-last_used_at'],
})
export type Session = Row<typeof Session>

declare module '@bailiwick/kit/db' {
  interface Tables {
    account_user: TableOf<typeof User>
    account_session: TableOf<typeof Session>
  }
}
