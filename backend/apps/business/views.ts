import { askerOf, clientOf, deliverTokens, principalOf } from '@bailiwick/kit/auth'
import { view, viewset } from '@bailiwick/kit/rest'
import { SecurityEvent } from '../account/models.ts'
import { BusinessPermissions } from './permissions.ts'
import {
  BusinessSecurityEventSerializer,
  BusinessSecuritySerializer,
  SwitchedSerializer,
  SwitchSerializer,
} from './serializers.ts'

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

export const showSecurity = view({
  method: 'GET',
  path: 'security/',
  name: 'show_security',
  summary: 'Show what the business demands of sign-ins',
  permission: BusinessPermissions.security,
  response: BusinessSecuritySerializer,
  run: ({ request }) => request.server.auth.businessSecurity.read(askerOf(request)),
})

export const changeSecurity = view({
  method: 'PATCH',
  path: 'security/',
  name: 'change_security',
  summary: 'Change what the business demands of sign-ins',
  description:
    'It acts at once. A second factor can be demanded of the own role only in a session that was begun with one.',
  permission: BusinessPermissions.security,
  body: BusinessSecuritySerializer,
  isPartial: true,
  response: BusinessSecuritySerializer,
  message: 'Updated successfully',
  errors: ['reauthentication_required'],
  run: ({ body, request }) => request.server.auth.businessSecurity.change(askerOf(request), body),
})

/** What happened to accounts inside the own business, and nothing of what its people do elsewhere. */
export const BusinessSecurityLogViewSet = viewset(SecurityEvent, {
  serializer: BusinessSecurityEventSerializer,
  only: ['list', 'retrieve'],
  permissions: BusinessPermissions.security,
  filterRows: ({ principal }) => ({ business: principal?.business ?? NOWHERE }),
  filters: ['kind', 'at', 'user'],
  ordering: ['at'],
  defaultOrdering: ['-at'],
  expand: {},
})

const NOWHERE = '00000000-0000-0000-0000-000000000000'
