import { clientOf, deliverTokens, principalOf } from '@bailiwick/kit/auth'
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
  run: async ({ body: { business }, request, reply }) => {
    const target = { business, client: clientOf(request) }
    return deliverTokens(request, reply, await request.server.auth.switchBusiness(principalOf(request), target))
  },
})
