import { InvitationLinks } from './accept-invitation.ts'
import { BusinessSecurity } from './business-security.ts'
import { Impersonation } from './impersonation.ts'
import { Invitations } from './invitations.ts'
import type { MemberParts } from './member-parts.ts'
import { Members } from './members.ts'

/** What the admins of a business, and superusers, do with people. */
export interface Administration {
  readonly members: Members
  readonly invitations: Invitations
  readonly invitationLinks: InvitationLinks
  readonly impersonation: Impersonation
  readonly businessSecurity: BusinessSecurity
}

export function createAdministration(parts: MemberParts): Administration {
  return {
    members: new Members(parts),
    invitations: new Invitations(parts),
    invitationLinks: new InvitationLinks(parts),
    impersonation: new Impersonation(parts),
    businessSecurity: new BusinessSecurity(parts),
  }
}
