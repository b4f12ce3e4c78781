import { router } from '@bailiwick/kit/rest'
import { ClientViewSet } from './views.ts'

/** Serves `/api/clients/clients/`. */
export const clientsRouter = router('clients', { clients: ClientViewSet })
