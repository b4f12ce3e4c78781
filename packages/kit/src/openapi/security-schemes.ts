import type { Method } from '../rest/index.ts'

/** The ways to say who one is. */
export const SECURITY_SCHEMES = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The access token that signing in gives.',
  },
  cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-access_token',
    description:
      'The cookie that signing in with `transport: cookies` sets, for pages in browsers. In development over http it is `access_token`.',
  },
  csrf: {
    type: 'apiKey',
    in: 'header',
    name: 'X-CSRFToken',
    description:
      'With the cookie, for what changes something: the `csrf_token` of the sign-in, or the cookie `csrftoken`.',
  },
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'bwk_…',
    description: 'A key of the business, for programs. It reaches the apps of its scopes.',
  },
} as const

type Requirement = Readonly<Record<string, readonly string[]>>

const SAFE: ReadonlySet<Method> = new Set<Method>(['GET'])

/** Any of these lets a request through. */
export function requirementsOf({
  method,
  takesKeys,
}: {
  readonly method: Method
  readonly takesKeys: boolean
}): Requirement[] {
  const cookie: Requirement = SAFE.has(method) ? { cookie: [] } : { cookie: [], csrf: [] }
  return [{ bearer: [] }, cookie, ...(takesKeys ? [{ apiKey: [] }] : [])]
}
