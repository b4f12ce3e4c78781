import { integer } from '@bailiwick/kit/db'
import { serializer } from '@bailiwick/kit/rest'
import { User } from '../account/models.ts'
import { Client } from './models.ts'

/** What the API shows and takes of a client. */
export const ClientSerializer = serializer(Client, {
  fields: [
    'id',
    'name',
    'email',
    'phone',
    'status',
    'owner',
    'credit',
    'notes',
    'tags',
    'birthday',
    'created_at',
    'updated_at',
  ],
})

/** As much of a user as `?expand=owner` shows. */
export const ClientOwnerSerializer = serializer(User, { name: 'ClientOwner', fields: ['id', 'name', 'email'] })

/** How many clients there are of each status. */
export const ClientSummarySerializer = serializer('ClientSummary', {
  fields: {
    total: integer({ help: 'Without those in the bin.' }),
    lead: integer(),
    active: integer(),
    archived: integer(),
  },
})
