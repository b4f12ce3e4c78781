import { askerOf, clientOf } from '@bailiwick/kit/auth'
import { action, view, viewset } from '@bailiwick/kit/rest'
import { Invitation } from '../../business/models.ts'
import { UsersPermissions } from '../permissions.ts'
import {
  AcceptedInvitationSerializer,
  AcceptInvitationSerializer,
  InvitationPreviewSerializer,
  InvitationSerializer,
  InvitationTokenSerializer,
} from '../serializers/users.ts'

/** Who was asked to join the own business. */
export const InvitationViewSet = viewset(Invitation, {
  serializer: InvitationSerializer,
  only: ['list', 'retrieve', 'create'],
  permissions: UsersPermissions.admin,
  search: ['email'],
  filters: ['email', 'role', 'created_at', 'expires_at', 'accepted_at', 'revoked_at'],
  performCreate: ({ email, role }, { request }) =>
    request.server.auth.invitations.create(askerOf(request), { email, role }),
  messages: { create: 'Invitation sent' },
  description: 'Whether the address has an account is not told: it changes nothing of what is answered.',
  actions: {
    resend: action(Invitation, {
      detail: true,
      summary: 'Send an invitation again',
      description: 'With another link, good for another seven days. The one before is worth nothing any more.',
      permission: UsersPermissions.admin,
      message: 'Invitation sent',
      errors: ['conflict', 'throttled'],
      run: (row, { request }) => request.server.auth.invitations.resend(askerOf(request), row),
    }),
    revoke: action(Invitation, {
      detail: true,
      summary: 'Take an invitation back',
      permission: UsersPermissions.admin,
      message: 'Invitation revoked',
      errors: ['conflict'],
      run: (row, { request }) => request.server.auth.invitations.revoke(askerOf(request), row),
    }),
  },
})

const preview = view({
  method: 'POST',
  path: 'invitations/preview/',
  name: 'preview_invitation',
  summary: 'Show what an invitation is to',
  permission: UsersPermissions.everyone,
  body: InvitationTokenSerializer,
  response: InvitationPreviewSerializer,
  run: ({ body: { token }, request }) => request.server.auth.invitationLinks.preview(token, clientOf(request)),
})

const accept = view({
  method: 'POST',
  path: 'invitations/accept/',
  name: 'accept_invitation',
  summary: 'Accept an invitation',
  description:
    'Where the address has an account: signed in to it, or with its password. Where it has none, one is made with `name` and `password`.',
  permission: UsersPermissions.everyone,
  body: AcceptInvitationSerializer,
  response: AcceptedInvitationSerializer,
  message: 'Invitation accepted',
  errors: [
    'not_authenticated',
    'permission_denied',
    'invalid_credentials',
    'account_locked',
    'throttled',
    'conflict',
    'service_unavailable',
  ],
  run: ({ body, principal, request }) =>
    request.server.auth.invitationLinks.accept({ ...body, principal, client: clientOf(request) }),
})

export const invitationViews = [preview, accept]
