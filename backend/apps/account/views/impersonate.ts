import { askerOf } from '@bailiwick/kit/auth'
import { view } from '@bailiwick/kit/rest'
import { UsersPermissions } from '../permissions.ts'
import { ImpersonateSerializer, ImpersonatingSerializer } from '../serializers/users.ts'

export const impersonate = view({
  method: 'POST',
  path: 'impersonate/',
  name: 'impersonate',
  summary: 'Work as a user',
  description:
    'Gives a session of the user that ends by itself, and that no refresh prolongs. The user is told why, by e-mail and in the security log. Signing out ends it.',
  permission: UsersPermissions.superuser,
  body: ImpersonateSerializer,
  response: ImpersonatingSerializer,
  message: 'Working as the user',
  errors: ['not_found', 'reauthentication_required', 'second_factor_required'],
  // Never in cookies: those of the superuser's own session would be lost by it.
  run: ({ body, request }) => request.server.auth.impersonation.start(askerOf(request), body),
})
