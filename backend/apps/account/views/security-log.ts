import { viewset } from '@bailiwick/kit/rest'
import { SecurityEvent } from '../models.ts'
import { UsersPermissions } from '../permissions.ts'
import { OwnSecurityEventSerializer } from '../serializers/security-log.ts'

/** What happened to the own account, wherever. */
export const OwnSecurityLogViewSet = viewset(SecurityEvent, {
  serializer: OwnSecurityEventSerializer,
  only: ['list', 'retrieve'],
  permissions: UsersPermissions.signedIn,
  filterRows: ({ principal }) => ({ user: principal?.userId ?? NOBODY }),
  filters: ['kind', 'at', 'business'],
  ordering: ['at'],
  defaultOrdering: ['-at'],
  expand: {},
})

const NOBODY = '00000000-0000-0000-0000-000000000000'
