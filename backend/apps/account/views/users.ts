import { askerOf, showMembers } from '@bailiwick/kit/auth'
import { action, view, viewset } from '@bailiwick/kit/rest'
import { Membership } from '../../business/models.ts'
import { Passkey, Session, Totp, User } from '../models.ts'
import { UsersPermissions } from '../permissions.ts'
import { BusinessUserSerializer, InvitationSerializer, NewUserSerializer } from '../serializers/users.ts'

const models = { user: User, totp: Totp, passkey: Passkey, session: Session }

/** A user is added by being asked: nobody is made a member without knowing, and nobody else chooses their password. */
export const inviteUser = view({
  method: 'POST',
  path: 'users/',
  name: 'users_create',
  summary: 'Invite a user',
  description: 'The same as `POST invitations/`: the user is there once they have accepted.',
  permission: UsersPermissions.admin,
  body: NewUserSerializer,
  response: InvitationSerializer,
  status: 201,
  message: 'Invitation sent',
  errors: ['permission_denied', 'throttled'],
  run: ({ body, request }) => request.server.auth.invitations.create(askerOf(request), body),
})

/** The people of the own business. In its addresses stands the id of the user. */
export const UsersViewSet = viewset(Membership, {
  serializer: BusinessUserSerializer,
  lookup: 'user',
  present: (ctx, rows) => showMembers(ctx, models, rows),
  only: ['list', 'retrieve', 'update', 'partial_update', 'destroy'],
  permissions: UsersPermissions.viewset,
  search: ['user__email', 'user__name'],
  filters: ['role', 'is_active', 'created_at', 'user__email', 'user__name'],
  ordering: ['user__name', 'user__email', 'role', 'created_at'],
  defaultOrdering: ['user__email'],
  expand: {},
  performUpdate: ({ user }, { role, is_active }, { request }) =>
    request.server.auth.members.change(
      { ...askerOf(request), user },
      { ...(role !== undefined && { role }), ...(is_active !== undefined && { is_active }) },
    ),
  performDestroy: ({ user }, { request }) => request.server.auth.members.remove({ ...askerOf(request), user }),
  messages: { destroy: 'Removed from the business' },
  description: 'Nobody is given a role above that of who gives it, and the last active admin stays.',
  actions: {
    unlock: action(Membership, {
      detail: true,
      summary: 'Unlock an account',
      description: 'Only of a user who belongs to no other business.',
      permission: UsersPermissions.admin,
      message: 'Unlocked',
      errors: ['permission_denied'],
      run: ({ user }, { request }) => request.server.auth.members.unlock({ ...askerOf(request), user }),
    }),
    reset_second_factor: action(Membership, {
      detail: true,
      path: 'reset-second-factor',
      summary: 'Take the second factor of a user away',
      description:
        'For a user who has lost it, and belongs to no other business. It ends their sessions, and they are told by e-mail.',
      permission: UsersPermissions.admin,
      message: 'Second factor removed',
      errors: ['reauthentication_required', 'permission_denied', 'conflict'],
      run: ({ user }, { request }) => request.server.auth.members.resetSecondFactor({ ...askerOf(request), user }),
    }),
  },
})
