import { clientOf, deliverTokens, type FactorCall, principalOf } from '@bailiwick/kit/auth'
import { view, viewset } from '@bailiwick/kit/rest'
import type { FastifyRequest } from 'fastify'
import { Passkey } from '../models.ts'
import { AccountPermissions } from '../permissions.ts'
import {
  NewPasskeySerializer,
  PasskeyChallengeSerializer,
  PasskeyLoginSerializer,
  PasskeyOptionsSerializer,
  PasskeyProofSerializer,
  PasskeySerializer,
  PasskeyStepSerializer,
  RegisteredPasskeySerializer,
} from '../serializers/passkeys.ts'
import { SignInSerializer } from '../serializers/sign-in.ts'

const callOf = (request: FastifyRequest): FactorCall => ({ principal: principalOf(request), client: clientOf(request) })

/** The passkeys of the user. */
export const PasskeyViewSet = viewset(Passkey, {
  serializer: PasskeySerializer,
  only: ['list', 'retrieve', 'partial_update', 'destroy'],
  permissions: AccountPermissions.passkeys,
  filterRows: ({ principal }) => ({ user: principal?.userId ?? null }),
  defaultOrdering: ['created_at'],
  performUpdate: async ({ id, name }, values, { request }) =>
    request.server.auth.passkeys.rename(callOf(request), id, values.name ?? name),
  performDestroy: async ({ id }, { request }) => request.server.auth.passkeys.remove(callOf(request), id),
  messages: { partial_update: 'Passkey renamed', destroy: 'Passkey removed' },
})

const CHANGE_ERRORS = ['reauthentication_required', 'second_factor_required'] as const

const registrationOptions = view({
  method: 'POST',
  path: '2fa/passkeys/options/',
  name: 'passkey_options',
  summary: 'Begin to add a passkey',
  description: 'Gives what `navigator.credentials.create()` takes. Good once, for five minutes.',
  permission: AccountPermissions.passkeys,
  response: PasskeyOptionsSerializer,
  errors: CHANGE_ERRORS,
  run: async ({ request }) => ({ options: await request.server.auth.passkeys.registrationOptions(callOf(request)) }),
})

const register = view({
  method: 'POST',
  path: '2fa/passkeys/',
  name: 'passkey_add',
  summary: 'Add a passkey',
  description: 'Ends the other sessions of the user, and trusts no device any longer.',
  permission: AccountPermissions.passkeys,
  body: NewPasskeySerializer,
  response: RegisteredPasskeySerializer,
  status: 201,
  message: 'Passkey added',
  errors: [...CHANGE_ERRORS, 'conflict'],
  run: ({ request, body }) => request.server.auth.passkeys.register(callOf(request), body),
})

const secondStepOptions = view({
  method: 'POST',
  path: 'login/second-factor/passkey/options/',
  name: 'login_passkey_options',
  summary: 'Begin the second step with a passkey',
  description: 'Gives what `navigator.credentials.get()` takes. Good once, for five minutes.',
  permission: AccountPermissions.login,
  body: PasskeyChallengeSerializer,
  response: PasskeyOptionsSerializer,
  errors: ['token_not_valid', 'permission_denied'],
  run: async ({ request, body }) => ({
    options: await request.server.auth.passkeys.signIn.secondStepOptions(body.challenge, clientOf(request)),
  }),
})

const takeSecondStep = view({
  method: 'POST',
  path: 'login/second-factor/passkey/',
  name: 'login_passkey',
  summary: 'Take the second step with a passkey',
  permission: AccountPermissions.login,
  body: PasskeyStepSerializer,
  response: SignInSerializer,
  message: 'Signed in',
  errors: ['token_not_valid', 'invalid_code', 'csrf_failed', 'account_locked', 'throttled'],
  run: async ({ request, reply, body }) =>
    deliverTokens(request, reply, await request.server.auth.passkeys.signIn.takeSecondStep(body, clientOf(request))),
})

const loginOptions = view({
  method: 'POST',
  path: 'passkeys/login/options/',
  name: 'passkey_login_options',
  summary: 'Begin to sign in with a passkey alone',
  description: 'Gives what `navigator.credentials.get()` takes: the same for everybody. Good once, for five minutes.',
  permission: AccountPermissions.login,
  response: PasskeyOptionsSerializer,
  run: async ({ request }) => ({
    options: await request.server.auth.passkeys.signIn.loginOptions(clientOf(request)),
  }),
})

const loginWithPasskey = view({
  method: 'POST',
  path: 'passkeys/login/',
  name: 'passkey_login',
  summary: 'Sign in with a passkey alone',
  description: 'The device has verified the user, so the passkey counts as two factors.',
  permission: AccountPermissions.login,
  body: PasskeyLoginSerializer,
  response: SignInSerializer,
  message: 'Signed in',
  errors: ['invalid_credentials', 'csrf_failed', 'account_locked', 'throttled'],
  run: async ({ request, reply, body }) =>
    deliverTokens(request, reply, await request.server.auth.passkeys.signIn.login(body, clientOf(request))),
})

const reauthenticationOptions = view({
  method: 'POST',
  path: 'reauthenticate/passkey/options/',
  name: 'reauthenticate_passkey_options',
  summary: 'Begin to prove again who one is, with a passkey',
  description: 'Gives what `navigator.credentials.get()` takes. Good once, for five minutes.',
  permission: AccountPermissions.passkeys,
  response: PasskeyOptionsSerializer,
  errors: ['permission_denied'],
  run: async ({ request }) => ({
    options: await request.server.auth.passkeys.signIn.reauthenticationOptions(callOf(request)),
  }),
})

const reauthenticateWithPasskey = view({
  method: 'POST',
  path: 'reauthenticate/passkey/',
  name: 'reauthenticate_passkey',
  summary: 'Prove again who one is, with a passkey',
  description: 'For 15 minutes, the session may then change what protects the account.',
  permission: AccountPermissions.passkeys,
  body: PasskeyProofSerializer,
  message: 'Authenticated',
  errors: ['invalid_credentials', 'account_locked', 'throttled'],
  run: ({ request, body: { credential } }) =>
    request.server.auth.passkeys.signIn.reauthenticate(callOf(request), credential),
})

export const passkeyViews = [
  registrationOptions,
  register,
  secondStepOptions,
  takeSecondStep,
  loginOptions,
  loginWithPasskey,
  reauthenticationOptions,
  reauthenticateWithPasskey,
]
