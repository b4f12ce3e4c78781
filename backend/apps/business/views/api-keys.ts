import { assertRecentlyAuthenticated, clientOf, type KeyChange, principalOf } from '@bailiwick/kit/auth'
import { action, view, viewset } from '@bailiwick/kit/rest'
import { ApiKey } from '../models.ts'
import { BusinessPermissions } from '../permissions.ts'
import {
  ApiKeySerializer,
  NewApiKeySerializer,
  RotationSerializer,
  ShownApiKeySerializer,
} from '../serializers/api-keys.ts'

const ONCE = 'The answer has the key itself, which is never shown again.'

export const createApiKey = view({
  method: 'POST',
  path: 'api-keys/',
  name: 'api-keys_create',
  summary: 'Create an API key',
  description: ONCE,
  permission: BusinessPermissions.apiKeys,
  body: NewApiKeySerializer,
  response: ShownApiKeySerializer,
  status: 201,
  message: 'API key created',
  errors: ['reauthentication_required'],
  run: async ({ body, ctx, request }) => request.server.auth.apiKeys.create(changeOf(request, ctx), body),
})

/** The keys by which programs call the API for the business. */
export const ApiKeyViewSet = viewset(ApiKey, {
  serializer: ApiKeySerializer,
  only: ['list', 'retrieve', 'partial_update', 'destroy'],
  search: ['name', 'prefix'],
  filters: ['name', 'prefix', 'role', 'expires_at', 'revoked_at', 'last_used_at', 'created_at'],
  ordering: ['name', 'role', 'expires_at', 'revoked_at', 'last_used_at', 'created_at'],
  permissions: BusinessPermissions.apiKeys,
  messages: { destroy: 'API key revoked' },
  performUpdate: (row, values, { ctx, request }) =>
    request.server.auth.apiKeys.update(changeOf(request, ctx), row, values),
  performDestroy: (row, { ctx, request }) => request.server.auth.apiKeys.revoke(changeOf(request, ctx), row),
  actions: {
    rotate: action(ApiKey, {
      detail: true,
      summary: 'Renew an API key',
      description: `Gives the key a new secret. The one before is taken as well for a while; the one before that is dead. ${ONCE}`,
      permission: BusinessPermissions.apiKeys,
      body: RotationSerializer,
      response: ShownApiKeySerializer,
      message: 'API key renewed',
      errors: ['reauthentication_required', 'conflict'],
      run: (row, { body, ctx, request }) =>
        request.server.auth.apiKeys.rotate(changeOf(request, ctx), row, body.overlap_hours),
    }),
  },
})

type Request = Parameters<typeof clientOf>[0]

/** Whoever makes or changes a key has just proved who they are: with a key one stays in after the session has ended. */
function changeOf(request: Request, ctx: KeyChange['ctx']): KeyChange {
  const principal = principalOf(request)
  assertRecentlyAuthenticated(principal, ctx.store.clock)
  return { ctx, principal, client: clientOf(request), apps: request.server.appsForKeys() }
}
