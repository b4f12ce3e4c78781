import { invitationFields, passwordField, ROLES } from '@bailiwick/kit/auth'
import { boolean, choice, datetime, email, integer, longText, text, uuid } from '@bailiwick/kit/db'
import { computed, serializer } from '@bailiwick/kit/rest'
import { Invitation } from '../../business/models.ts'

/** A member of the business, as its managers see them. */
export const BusinessUserSerializer = serializer('BusinessUser', {
  fields: {
    id: uuid({ readOnly: true, help: 'The id of the user.' }),
    email: email({ readOnly: true }),
    name: text({ readOnly: true }),
    role: choice(ROLES, { help: 'What the user is in this business.' }),
    is_active: boolean({ help: 'Off: the user cannot enter this business.' }),
    email_verified: boolean({ readOnly: true }),
    has_second_factor: boolean({ readOnly: true }),
    last_login: datetime({ readOnly: true, help: 'When the user last signed in to this business.' }).optional(),
    created_at: datetime({ readOnly: true, help: 'Since when the user belongs to this business.' }),
  },
})

const invited = invitationFields()

/** Whom to invite, and as what. */
export const NewUserSerializer = serializer('NewUser', { fields: { email: invited.email, role: invited.role } })

const STATES = ['open', 'accepted', 'revoked', 'expired'] as const

export const InvitationSerializer = serializer(Invitation, {
  fields: ['id', 'email', 'role', 'expires_at', 'accepted_at', 'revoked_at', 'created_at', 'created_by'],
  readOnly: ['expires_at', 'accepted_at', 'revoked_at'],
  computed: {
    state: computed(choice(STATES), ({ accepted_at, revoked_at, expires_at }): (typeof STATES)[number] => {
      if (accepted_at !== null) return 'accepted'
      if (revoked_at !== null) return 'revoked'
      return expires_at.getTime() > Date.now() ? 'open' : 'expired'
    }),
  },
})

const token = longText({ max: 500, writeOnly: true, help: 'From the link in the e-mail.' })

export const InvitationTokenSerializer = serializer('InvitationToken', { fields: { token } })

export const InvitationPreviewSerializer = serializer('InvitationPreview', {
  fields: {
    business: text({ help: 'The name of the business.' }),
    email: email(),
    role: choice(ROLES),
    expires_at: datetime(),
    has_account: boolean({ help: 'Whether the address has an account: then no name is needed to accept.' }),
  },
})

export const AcceptInvitationSerializer = serializer('AcceptInvitation', {
  fields: {
    token,
    name: text({ max: 150, help: 'Of a new account.' }).optional(),
    /** Of a new account; or of the account that is there, unless one is signed in to it. */
    password: passwordField().optional(),
  },
})

const JoinedBusinessSerializer = serializer('JoinedBusiness', { fields: { id: uuid(), name: text(), slug: text() } })

export const AcceptedInvitationSerializer = serializer('AcceptedInvitation', {
  fields: { email: email(), role: choice(ROLES), business: JoinedBusinessSerializer },
})

export const ImpersonateSerializer = serializer('Impersonate', {
  fields: {
    user: uuid(),
    business: uuid({ help: 'One that the user belongs to; left out, the session has none.' }).optional(),
    reason: text({ min: 10, max: 300, help: 'At least 10 characters. The user is told.' }),
    minutes: integer({ min: 1, max: 60 }).default(15),
  },
})

export const ImpersonatingSerializer = serializer('Impersonating', {
  fields: { access: text({ max: 4000 }), refresh: text({ max: 4000 }), expires_at: datetime() },
})
