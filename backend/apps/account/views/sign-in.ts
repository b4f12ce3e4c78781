import {
  clientOf,
  deliverTokens,
  deviceTokenOf,
  forgetCookies,
  principalOf,
  renewCsrfToken,
  renewTokens,
} from '@bailiwick/kit/auth'
import { view } from '@bailiwick/kit/rest'
import { AccountPermissions } from '../permissions.ts'
import {
  CredentialsSerializer,
  CsrfSerializer,
  ReauthenticateSerializer,
  RefreshSerializer,
  SignInSerializer,
  TokenPairSerializer,
} from '../serializers/sign-in.ts'

const login = view({
  method: 'POST',
  path: 'login/',
  name: 'login',
  summary: 'Sign in',
  description:
    'Gives an access token and a refresh token, and works in the first by name of the businesses that the user belongs to. Where a second factor is needed, it gives a challenge instead, for `login/second-factor/`.',
  permission: AccountPermissions.login,
  body: CredentialsSerializer,
  response: SignInSerializer,
  message: ({ challenge }) => (challenge === null ? 'Signed in' : 'A second factor is needed'),
  errors: ['invalid_credentials', 'csrf_failed', 'account_locked', 'throttled', 'service_unavailable'],
  run: async ({ body, request, reply }) => {
    const credentials = { ...body, device_token: deviceTokenOf(request, body) }
    return deliverTokens(request, reply, await request.server.auth.login(credentials, clientOf(request)))
  },
})

const refresh = view({
  method: 'POST',
  path: 'refresh/',
  name: 'refresh',
  summary: 'Renew the tokens',
  description:
    'Gives a new pair for a refresh token, which is dead from then on. Whoever uses a dead one again ends the session. Without one in the body, that of the cookie is renewed.',
  permission: AccountPermissions.refresh,
  body: RefreshSerializer,
  response: TokenPairSerializer,
  message: 'Tokens renewed',
  errors: ['token_not_valid', 'csrf_failed'],
  run: ({ body, request, reply }) => renewTokens(request, reply, body.refresh ?? null),
})

const logout = view({
  method: 'POST',
  path: 'logout/',
  name: 'logout',
  summary: 'Sign out',
  description: 'Ends the session: its tokens are worth nothing at once, on every node.',
  permission: AccountPermissions.logout,
  message: 'Signed out',
  run: async ({ request, reply }) => {
    await request.server.auth.logout(principalOf(request), clientOf(request))
    forgetCookies(request, reply)
  },
})

const reauthenticate = view({
  method: 'POST',
  path: 'reauthenticate/',
  name: 'reauthenticate',
  summary: 'Prove again who one is',
  description: 'For 15 minutes, the session may then change what protects the account.',
  permission: AccountPermissions.reauthenticate,
  body: ReauthenticateSerializer,
  message: 'Authenticated',
  errors: ['invalid_credentials', 'invalid_code', 'account_locked', 'throttled', 'service_unavailable'],
  run: ({ body, request }) =>
    request.server.auth.signIn.reauthenticate(principalOf(request), { ...body, client: clientOf(request) }),
})

const csrf = view({
  method: 'GET',
  path: 'csrf/',
  name: 'csrf',
  summary: 'Get a token against forged requests',
  description:
    'Gives what a page with cookies sends in `X-CSRFToken`. Pages of the own origin may read it in the cookie `csrftoken` as well.',
  permission: AccountPermissions.me,
  response: CsrfSerializer,
  run: async ({ request }) => ({ csrf_token: renewCsrfToken(request) }),
})

export const signInViews = [login, refresh, logout, reauthenticate, csrf]
