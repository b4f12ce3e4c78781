import { clientOf } from '@bailiwick/kit/auth'
import { view } from '@bailiwick/kit/rest'
import { AccountPermissions } from '../permissions.ts'
import {
  AddressSerializer,
  LinkSerializer,
  RegistrationSerializer,
  VerifiedAddressSerializer,
} from '../serializers/accounts.ts'

const register = view({
  method: 'POST',
  path: 'register/',
  name: 'register',
  summary: 'Ask for an account',
  description:
    'Sends a link to the address; whoever follows it has the account, with this password. The answer is the same for every address, whether it has an account or not.',
  permission: AccountPermissions.register,
  body: RegistrationSerializer,
  status: 202,
  message: 'A message with a link is on its way to the address',
  errors: ['registration_closed', 'throttled', 'service_unavailable'],
  run: ({ body, request }) => request.server.auth.accounts.register(body, clientOf(request)),
})

const verify = view({
  method: 'POST',
  path: 'email/verify/',
  name: 'email_verify',
  summary: 'Verify an address',
  description:
    'Takes the token of the link. After a registration this makes the account, and the business if one was asked for.',
  permission: AccountPermissions.register,
  body: LinkSerializer,
  response: VerifiedAddressSerializer,
  message: 'The address is verified',
  errors: ['link_not_valid'],
  run: ({ body, request }) => request.server.auth.accounts.verifyEmail(body.token, clientOf(request)),
})

const resend = view({
  method: 'POST',
  path: 'email/resend/',
  name: 'email_resend',
  summary: 'Send the link once more',
  description: 'To an address that is not verified yet. The answer is the same for every address.',
  permission: AccountPermissions.register,
  body: AddressSerializer,
  status: 202,
  message: 'If the address is waiting to be verified, a message with a link is on its way to it',
  errors: ['throttled'],
  run: ({ body, request }) => request.server.auth.accounts.resendVerification(body.email, clientOf(request)),
})

export const registrationViews = [register, verify, resend]
