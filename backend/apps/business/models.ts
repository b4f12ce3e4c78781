import { apiKeyFields, businessFields, invitationFields, membershipFields } from '@bailiwick/kit/auth'
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

/** A key by which a program calls the API for a business. */
export const ApiKey = model('business.ApiKey', {
  scope: 'business',
  fields: apiKeyFields(),
  softDelete: false,
  ordering: ['-created_at'],
  display: 'name',
  verboseName: 'API key',
  verboseNamePlural: 'API keys',
})
export type ApiKey = Row<typeof ApiKey>

/** That somebody was asked to join a business. */
export const Invitation = model('business.Invitation', {
  scope: 'business',
  fields: invitationFields(),
  softDelete: false,
  indexes: [['email']],
  ordering: ['-created_at'],
  display: 'email',
})
export type Invitation = Row<typeof Invitation>

declare module '@bailiwick/kit/db' {
  interface Tables {
    business_membership: TableOf<typeof Membership>
    business_business: TableOf<typeof Business>
    business_apikey: TableOf<typeof ApiKey>
    business_invitation: TableOf<typeof Invitation>
  }
}
