import { accountRouter } from '../apps/account/urls.ts'
import { businessRouter } from '../apps/business/urls.ts'
import { clientsRouter } from '../apps/clients/urls.ts'

/** What is served: the addresses of each app are below `/api/<app>/`. */
export const routers = [accountRouter, businessRouter, clientsRouter]
