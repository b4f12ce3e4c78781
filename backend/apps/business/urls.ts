import { router } from '@bailiwick/kit/rest'
import { switchBusiness } from './views.ts'

/** Serves `/api/business/switch/`. */
export const businessRouter = router('business', [switchBusiness])
