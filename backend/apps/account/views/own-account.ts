import { clientOf, principalOf } from '@bailiwick/kit/auth'
import { view } from '@bailiwick/kit/rest'
import { AccountPermissions } from '../permissions.ts'
import { DetailChangesSerializer, OwnAccountSerializer, OwnDetailsSerializer } from '../serializers/own-account.ts'

const me = view({
  method: 'GET',
  path: 'me/',
  name: 'me',
  summary: 'Show who is signed in',
  permission: AccountPermissions.me,
  response: OwnAccountSerializer,
  run: ({ request }) => request.server.auth.accounts.account(principalOf(request), clientOf(request)),
})

const changeMe = view({
  method: 'PATCH',
  path: 'me/',
  name: 'me_partial_update',
  summary: 'Change the own details',
  description: 'Address and password have endpoints of their own.',
  permission: AccountPermissions.me,
  body: DetailChangesSerializer,
  isPartial: true,
  response: OwnAccountSerializer,
  message: 'Saved',
  run: async ({ body: changes, request }) => {
    const { accounts } = request.server.auth
    await accounts.changeDetails(principalOf(request), { changes, client: clientOf(request) })
    return accounts.account(principalOf(request), clientOf(request))
  },
})

const profile = view({
  method: 'GET',
  path: 'profile/',
  name: 'profile',
  summary: 'Show the own details',
  description: 'The `user` of `me/`, without the businesses.',
  permission: AccountPermissions.me,
  response: OwnDetailsSerializer,
  run: ({ request }) => request.server.auth.accounts.details(principalOf(request), clientOf(request)),
})

const changeProfile = view({
  method: 'PATCH',
  path: 'profile/',
  name: 'profile_partial_update',
  summary: 'Change the own details',
  permission: AccountPermissions.me,
  body: DetailChangesSerializer,
  isPartial: true,
  response: OwnDetailsSerializer,
  message: 'Saved',
  run: async ({ body: changes, request }) => {
    const { accounts } = request.server.auth
    await accounts.changeDetails(principalOf(request), { changes, client: clientOf(request) })
    return accounts.details(principalOf(request), clientOf(request))
  },
})

export const ownAccountViews = [me, changeMe, profile, changeProfile]
