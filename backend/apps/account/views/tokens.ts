import { JWKS_CACHE_CONTROL, JWKS_CONTENT_TYPE, jwksText } from '@bailiwick/kit/auth'
import { fileView } from '@bailiwick/kit/rest'
import { AccountPermissions } from '../permissions.ts'

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

export const tokenViews = [jwks]
