import { action, viewset } from '@bailiwick/kit/rest'
import { Client } from './models.ts'
import { ClientPermissions } from './permissions.ts'
import { ClientOwnerSerializer, ClientSerializer, ClientSummarySerializer } from './serializers.ts'
import { archiveClient, summarizeClients } from './services.ts'

/** The clients of the business that one works in. */
export const ClientViewSet = viewset(Client, {
  serializer: ClientSerializer,
  search: ['name', 'email', 'phone'],
  expand: { owner: ClientOwnerSerializer },
  permissions: ClientPermissions,
  actions: {
    archive: action(Client, {
      detail: true,
      summary: 'Archive a client',
      permission: ClientPermissions.update,
      response: ClientSerializer,
      message: 'Client archived',
      run: (client, { ctx }) => archiveClient(ctx, client),
    }),
    summary: action(Client, {
      detail: false,
      method: 'GET',
      summary: 'Count clients by status',
      permission: ClientPermissions.list,
      response: ClientSummarySerializer,
      run: ({ ctx }) => summarizeClients(ctx),
    }),
  },
})
