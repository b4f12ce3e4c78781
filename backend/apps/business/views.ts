import { clientOf, principalOf } from '@bailiwick/kit/auth'
import { view } from '@bailiwick/kit/rest'
import { BusinessPermissions } from './permissions.ts'
import { SwitchedSerializer, SwitchSerializer } from './serializers.ts'

export const switchBusiness = view({
  method: 'POST',
  path: 'switch/',
  name: 'switch',
  summary: 'Enter another business',
  description: 'Gives tokens for another of the own businesses. Those of the present one go on working.',
  permission: BusinessPermissions.switch,
  body: SwitchSerializer,
  response: SwitchedSerializer,
  message: 'Business switched',
  errors: ['not_found'],
  run: ({ body: { business }, request }) =>
    request.server.auth.switchBusiness(principalOf(request), { business, client: clientOf(request) }),
})
