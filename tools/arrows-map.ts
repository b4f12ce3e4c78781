/** For each part, the parts that it may import, besides itself. `*` is every part of the same list. */
export type Arrows = Readonly<Record<string, readonly string[]>>

/** The workspaces. One is entered from another by its package name: `@bailiwick/kit/db`. */
export const WORKSPACES: Arrows = {
  'packages/kit': [],
  'packages/client': [],
  'packages/admin-ui': ['packages/client'],
  backend: ['packages/kit'],
  bench: ['packages/kit', 'backend'],
  tools: [],
}

/** The areas of the kit. `testing` sees all, and only tests see it. */
export const KIT_AREAS: Arrows = {
  base: [],
  settings: ['base'],
  db: ['base', 'settings'],
  cache: ['base', 'settings'],
  mail: ['base', 'settings', 'db'],
  http: ['base', 'settings', 'db', 'cache', 'mail'],
  auth: ['base', 'settings', 'db', 'cache', 'mail', 'http'],
  rest: ['base', 'settings', 'db', 'cache', 'mail', 'http', 'auth'],
  openapi: ['base', 'settings', 'db', 'cache', 'mail', 'http', 'auth', 'rest'],
  admin: ['base', 'settings', 'db', 'cache', 'mail', 'http', 'auth', 'rest', 'openapi'],
  manage: ['base', 'settings', 'db', 'cache', 'mail', 'http', 'auth', 'rest', 'openapi', 'admin'],
  testing: ['*'],
}

/** What the ways of signing in stand on. */
const AUTH_GROUND = [
  'permissions',
  'models',
  'passwords',
  'tokens',
  'security-log',
  'notices',
  'limits',
  'one-time',
  'sessions',
]

/** The parts inside an area of the kit, where an area has any. `.` is the files in the area's own folder. */
export const KIT_PARTS: Readonly<Record<string, Arrows>> = {
  db: {
    dialects: [],
    fields: ['dialects'],
    models: ['dialects', 'fields'],
    tenancy: ['dialects'],
    codec: ['dialects', 'fields', 'models'],
    query: ['dialects', 'fields', 'models', 'tenancy', 'codec'],
    audit: ['models', 'query'],
    migrations: ['dialects', 'fields', 'models', 'tenancy', 'query'],
    transfer: ['dialects', 'fields', 'models', 'codec', 'query'],
    '.': ['*'],
  },
  auth: {
    permissions: [],
    models: ['permissions', 'passwords'],
    passwords: [],
    tokens: [],
    'security-log': ['models'],
    notices: ['models', 'security-log'],
    limits: ['models', 'passwords', 'security-log', 'notices'],
    'one-time': ['models'],
    sessions: ['permissions', 'models', 'tokens', 'security-log'],
    factors: AUTH_GROUND,
    'sign-in': [...AUTH_GROUND, 'factors'],
    accounts: [...AUTH_GROUND, 'factors', 'sign-in'],
    members: [...AUTH_GROUND, 'factors', 'sign-in', 'accounts'],
    passkeys: ['permissions', 'models', 'security-log', 'limits', 'one-time', 'sessions', 'factors', 'sign-in'],
    'api-keys': ['permissions', 'models', 'security-log', 'notices', 'limits', 'sessions'],
    requests: ['permissions', 'models', 'tokens', 'factors', 'limits', 'sessions', 'api-keys', '.'],
    '.': ['*'],
  },
}

/**
 * The files of an app of the backend, and what they see in their own app; a folder `views/` or `serializers/` is that part in
 * several files. `tests/` sees all.
 */
export const APP_PARTS: Arrows = {
  migrations: [],
  models: [],
  services: ['models'],
  permissions: ['models'],
  serializers: ['services', 'models'],
  views: ['serializers', 'services', 'models', 'permissions'],
  urls: ['views', 'serializers', 'services', 'models', 'permissions'],
  admin: ['models'],
  index: ['*'],
}

/** What one app may see of another. */
export const OPEN_TO_OTHER_APPS: readonly string[] = ['models', 'services']
