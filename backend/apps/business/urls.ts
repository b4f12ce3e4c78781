import { router } from '@bailiwick/kit/rest'
import { ApiKeyViewSet, createApiKey } from './views/api-keys.ts'
import { switchBusiness } from './views.ts'

/** Serves `/api/business/switch/` and the API keys of a business. */
export const businessRouter = router('business', { 'api-keys': ApiKeyViewSet }, [switchBusiness, createApiKey])
