import { businessFields, membershipFields } from '@bailiwick/kit/auth'
import { model, type Row, type TableOf } from '@bailiwick/kit/db'
import { User } from '../account/models.ts'

/** That a user belongs to a business, and as what. */
export const Membership = model('business.Membership', {
  scope: 'business',
  fields: membershipFields(() => User),
  unique: [['user']],
  indexes: [['user']],
})
export type Membership = Row<typeof Membership>

/** A company that works with the backend. Its rows are its own. */
export const Business = model('business.Business', {
  scope: 'global',
  reason: 'It is what the rows of others belong to.',
  fields: businessFields(),
  // A business sees no other than itself.
  sharedThrough: () => ({ model: Membership, field: 'business_id' }),
  ordering: ['name'],
  display: 'name',
  verboseNamePlural: 'businesses',
})
export type Business = Row<typeof Business>

declare module '@bailiwick/kit/db' {
  interface Tables {
    business_membership: TableOf<typeof Membership>
    business_business: TableOf<typeof Business>
  }
}
