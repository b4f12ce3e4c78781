import { clientOf, principalOf } from '@bailiwick/kit/auth'
import { view } from '@bailiwick/kit/rest'
import { AccountPermissions } from '../permissions.ts'
import {
  AddressSerializer,
  LinkSerializer,
  NewEmailSerializer,
  PasswordChangeSerializer,
  PasswordResetSerializer,
  VerifiedEmailSerializer,
} from '../serializers/accounts.ts'

const resetPassword = view({
  method: 'POST',
  path: 'password/reset/',
  name: 'password_reset',
  summary: 'Ask for a new password',
  description: 'Sends a link to the address if it has an account. The answer is the same for every address.',
  permission: AccountPermissions.resetPassword,
  body: AddressSerializer,
  status: 202,
  message: 'If the address has an account, a message with a link is on its way to it',
  errors: ['throttled'],
  run: ({ body, request }) => request.server.auth.accounts.requestPasswordReset(body.email, clientOf(request)),
})

const confirmReset = view({
  method: 'POST',
  path: 'password/reset/confirm/',
  name: 'password_reset_confirm',
  summary: 'Set a new password by a link',
  description:
    'Good for an hour, once. Every session of the user ends, and no device is trusted any more. A second factor is asked for at the next sign-in as before.',
  permission: AccountPermissions.resetPassword,
  body: PasswordResetSerializer,
  message: 'The password is changed',
  errors: ['link_not_valid', 'service_unavailable'],
  run: ({ body, request }) => request.server.auth.accounts.resetPassword(body, clientOf(request)),
})

const changePassword = view({
  method: 'POST',
  path: 'password/change/',
  name: 'password_change',
  summary: 'Change the password',
  description: 'For the old one. The other sessions of the user end, this one goes on.',
  permission: AccountPermissions.changePassword,
  body: PasswordChangeSerializer,
  message: 'The password is changed',
  errors: ['permission_denied', 'conflict', 'account_locked', 'throttled', 'service_unavailable'],
  run: ({ body: { old_password: oldPassword, password }, request }) => {
    const change = { oldPassword, password, client: clientOf(request) }
    return request.server.auth.accounts.changePassword(principalOf(request), change)
  },
})

const changeEmail = view({
  method: 'POST',
  path: 'email/change/',
  name: 'email_change',
  summary: 'Ask for another address',
  description:
    'Sends a link to the new address and a notice to the present one, which stays until the link is followed. The user must have signed in within the last 15 minutes, or proved anew who they are.',
  permission: AccountPermissions.changeEmail,
  body: NewEmailSerializer,
  status: 202,
  message: 'A message with a link is on its way to the new address',
  errors: ['permission_denied', 'reauthentication_required', 'throttled'],
  run: ({ body: { email }, request }) =>
    request.server.auth.accounts.requestEmailChange(principalOf(request), { email, client: clientOf(request) }),
})

const confirmEmail = view({
  method: 'POST',
  path: 'email/change/confirm/',
  name: 'email_change_confirm',
  summary: 'Confirm another address',
  description:
    'Takes the token of the link. The other sessions of the user end; the one that the link is followed in goes on, if it is the user’s.',
  permission: AccountPermissions.confirmEmail,
  body: LinkSerializer,
  response: VerifiedEmailSerializer,
  message: 'The address is changed',
  errors: ['link_not_valid', 'conflict'],
  run: ({ body: { token }, principal, request }) =>
    request.server.auth.accounts.confirmEmailChange(principal, { token, client: clientOf(request) }),
})

export const credentialViews = [resetPassword, confirmReset, changePassword, changeEmail, confirmEmail]
