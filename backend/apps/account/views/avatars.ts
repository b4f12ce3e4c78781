import {
  AVATAR_CONTENT_TYPE,
  AVATAR_FIELD,
  AVATAR_MAX_BYTES,
  AVATAR_TYPES,
  clientOf,
  principalOf,
} from '@bailiwick/kit/auth'
import { fileView, view } from '@bailiwick/kit/rest'
import { AccountPermissions } from '../permissions.ts'

const show = fileView({
  path: 'avatar/',
  name: 'avatar',
  summary: 'Show the own picture',
  permission: AccountPermissions.me,
  contentType: AVATAR_CONTENT_TYPE,
  run: ({ request }) => request.server.auth.accounts.avatars.get(principalOf(request), clientOf(request)),
})

const put = view({
  method: 'PUT',
  path: 'avatar/',
  name: 'avatar_update',
  summary: 'Set the own picture',
  description:
    'It is made anew: 256 × 256 WebP of its middle and its first frame, without anything else that the file holds.',
  permission: AccountPermissions.me,
  upload: {
    field: AVATAR_FIELD,
    maxBytes: AVATAR_MAX_BYTES,
    types: AVATAR_TYPES,
    help: 'A JPEG, PNG, WebP or GIF, by what is in it.',
  },
  message: 'Saved',
  errors: ['service_unavailable'],
  run: ({ upload, request }) =>
    request.server.auth.accounts.avatars.put(principalOf(request), { upload, client: clientOf(request) }),
})

const remove = view({
  method: 'DELETE',
  path: 'avatar/',
  name: 'avatar_destroy',
  summary: 'Remove the own picture',
  permission: AccountPermissions.me,
  message: 'Deleted successfully',
  run: ({ request }) => request.server.auth.accounts.avatars.remove(principalOf(request), clientOf(request)),
})

const showMember = fileView({
  path: 'users/:id/avatar/',
  name: 'users_avatar',
  summary: 'Show the picture of a member',
  description: 'Of whoever belongs to the business that the session works in.',
  permission: AccountPermissions.memberAvatar,
  contentType: AVATAR_CONTENT_TYPE,
  run: ({ ctx, params: { id = '' }, request }) =>
    request.server.auth.accounts.avatars.ofMember(ctx, { user: id, client: clientOf(request) }),
})

export const avatarViews = [show, put, remove, showMember]
