import { JWKS_CACHE_CONTROL, JWKS_CONTENT_TYPE, jwksText } from '@bailiwick/kit/auth'
import { fileView, view } from '@bailiwick/kit/rest'
import { AccountPermissions } from '../permissions.ts'
import { TokenSerializer } from '../serializers/sessions.ts'

const verify = view({
  method: 'POST',
  path: 'token/verify/',
  name: 'token_verify',
  summary: 'Verify a token',
  description:
    'Whether an access token or a refresh token would be taken now: 200, or 401 if it is forged, has run out, was used up, or its session has ended. Nothing is used up by asking.',
  permission: AccountPermissions.verify,
  body: TokenSerializer,
  message: 'Token is valid',
  errors: ['token_not_valid'],
  run: ({ body, request }) => request.server.auth.verifyToken(body.token),
})

const jwks = fileView({
  path: 'jwks/',
  name: 'jwks',
  summary: 'Show the public keys',
  description:
    'A JSON Web Key Set (RFC 7517), by which other services verify access tokens. Empty where `JWT_ALGORITHM` is `HS256`. The same is at `/.well-known/jwks.json`.',
  permission: AccountPermissions.jwks,
  contentType: JWKS_CONTENT_TYPE,
  cacheControl: JWKS_CACHE_CONTROL,
  run: async ({ request }) => Buffer.from(jwksText(request.server.auth)),
})

export const tokenViews = [verify, jwks]
