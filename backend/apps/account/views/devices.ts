import { clientOf, principalOf } from '@bailiwick/kit/auth'
import { view, viewset } from '@bailiwick/kit/rest'
import { TrustedDevice } from '../models.ts'
import { AccountPermissions } from '../permissions.ts'
import { TrustedDeviceSerializer } from '../serializers/second-factor.ts'

const NOBODY = '00000000-0000-0000-0000-000000000000'

/** The own devices that are spared the second factor: they may be seen, and taken away. */
export const TrustedDevices = viewset(TrustedDevice, {
  only: ['list', 'retrieve', 'destroy'],
  serializer: TrustedDeviceSerializer,
  permissions: AccountPermissions.devices,
  defaultOrdering: ['-last_used_at'],
  filters: [],
  expand: {},
  description: 'Devices on which the user is not asked for the second factor.',
  filterRows: ({ principal }) => ({ user: principal?.userId ?? NOBODY, expires_at__gt: new Date() }),
  performDestroy: ({ id }, { request }) =>
    request.server.auth.secondFactor.distrust({ principal: principalOf(request), client: clientOf(request) }, id),
  messages: { destroy: 'Device revoked' },
})

const revokeAll = view({
  method: 'DELETE',
  path: 'devices/',
  name: 'devices_revoke_all',
  summary: 'Trust no device any longer',
  permission: AccountPermissions.devices,
  message: 'Devices revoked',
  run: ({ request }) =>
    request.server.auth.secondFactor.distrust({ principal: principalOf(request), client: clientOf(request) }),
})

export const deviceViews = [revokeAll]
