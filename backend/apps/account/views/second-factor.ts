import { clientOf, deliverTokens, principalOf } from '@bailiwick/kit/auth'
import { view } from '@bailiwick/kit/rest'
import type { FastifyRequest } from 'fastify'
import { AccountPermissions } from '../permissions.ts'
import {
  ChallengeTokenSerializer,
  RecoveryCodesSerializer,
  SecondFactorStatusSerializer,
  SecondStepSerializer,
  TotpCodeSerializer,
  TotpSetupSerializer,
} from '../serializers/second-factor.ts'
import { SignInSerializer } from '../serializers/sign-in.ts'

const callOf = (request: FastifyRequest) => ({ principal: principalOf(request), client: clientOf(request) })

/** Refusals of what changes the factors of a user. */
const OF_CHANGES = ['reauthentication_required', 'second_factor_required'] as const

const secondStep = view({
  method: 'POST',
  path: 'login/second-factor/',
  name: 'login_second_factor',
  summary: 'Take the second step of a sign-in',
  description:
    'Takes a code of the authenticator app or from an e-mail, or a recovery code, once. Five wrong ones end the challenge, and each counts as a wrong password does.',
  permission: AccountPermissions.login,
  body: SecondStepSerializer,
  response: SignInSerializer,
  message: 'Signed in',
  errors: ['token_not_valid', 'invalid_code', 'csrf_failed', 'account_locked', 'throttled'],
  run: async ({ body, request, reply }) =>
    deliverTokens(request, reply, await request.server.auth.signIn.takeSecondStep(body, clientOf(request))),
})

const emailCode = view({
  method: 'POST',
  path: 'login/email-code/',
  name: 'login_email_code',
  summary: 'Send a code for the second step by e-mail',
  description: 'Only where `email_code` is among the methods of the challenge. The code is good for ten minutes.',
  permission: AccountPermissions.login,
  body: ChallengeTokenSerializer,
  status: 202,
  message: 'Code sent',
  errors: ['token_not_valid', 'permission_denied', 'throttled'],
  run: ({ body, request }) => request.server.auth.signIn.sendEmailCode(body.challenge, clientOf(request)),
})

const status = view({
  method: 'GET',
  path: '2fa/',
  name: 'second_factor',
  summary: 'Show the own second factor',
  permission: AccountPermissions.secondFactor,
  response: SecondFactorStatusSerializer,
  run: ({ request }) => request.server.auth.secondFactor.status(callOf(request)),
})

const setUp = view({
  method: 'POST',
  path: '2fa/setup/',
  name: 'second_factor_setup',
  summary: 'Begin to set up an authenticator app',
  description: 'Gives a secret, anew each time. It counts once `2fa/verify/` has taken a code made with it.',
  permission: AccountPermissions.secondFactor,
  response: TotpSetupSerializer,
  errors: ['conflict', ...OF_CHANGES],
  run: ({ request }) => request.server.auth.secondFactor.setUpTotp(callOf(request)),
})

const verify = view({
  method: 'POST',
  path: '2fa/verify/',
  name: 'second_factor_verify',
  summary: 'Enrol the authenticator app',
  description:
    'Takes the first code of the app, and gives ten recovery codes. The other sessions end; this one counts as begun with a second factor.',
  permission: AccountPermissions.secondFactor,
  body: TotpCodeSerializer,
  response: RecoveryCodesSerializer,
  message: 'Second factor enabled',
  errors: [...OF_CHANGES],
  run: async ({ body: { code }, request }) => ({
    recovery_codes: await request.server.auth.secondFactor.confirmTotp(callOf(request), code),
  }),
})

const disable = view({
  method: 'POST',
  path: '2fa/disable/',
  name: 'second_factor_disable',
  summary: 'Take the authenticator app away',
  description: 'The other sessions end. With the last factor the recovery codes go as well.',
  permission: AccountPermissions.secondFactor,
  message: 'Authenticator app disabled',
  errors: ['not_found', ...OF_CHANGES],
  run: ({ request }) => request.server.auth.secondFactor.disableTotp(callOf(request)),
})

const recoveryCodes = view({
  method: 'POST',
  path: '2fa/recovery-codes/',
  name: 'second_factor_recovery_codes',
  summary: 'Make new recovery codes',
  description: 'The old ones are worth nothing any more.',
  permission: AccountPermissions.secondFactor,
  response: RecoveryCodesSerializer,
  message: 'Recovery codes made',
  errors: ['conflict', ...OF_CHANGES],
  run: async ({ request }) => ({
    recovery_codes: await request.server.auth.secondFactor.renewRecoveryCodes(callOf(request)),
  }),
})

export const secondFactorViews = [secondStep, emailCode, status, setUp, verify, disable, recoveryCodes]
