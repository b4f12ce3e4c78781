import type { Insert } from '@bailiwick/kit/db'
import { CLIENT_STATUSES, type Client as ClientModel } from '../apps/clients/models.ts'
