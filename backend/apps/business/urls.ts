import { router } from '@bailiwick/kit/rest'
import { ApiKeyViewSet, createApiKey } from './views/api-keys.ts'
import { BusinessSecurityLogViewSet, changeSecurity, showSecurity, switchBusiness } from './views.ts'

const viewsets = { 'api-keys': ApiKeyViewSet, 'security-log': BusinessSecurityLogViewSet }

/** Serves `/api/business/switch/`, and what the admins of a business see to. */
export const businessRouter = router('business', viewsets, [switchBusiness, createApiKey, showSecurity, changeSecurity])
