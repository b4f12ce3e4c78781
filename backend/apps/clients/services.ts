import type { Context } from '@bailiwick/kit/db'
import { type CLIENT_STATUSES, Client } from './models.ts'

/** Marks a client as one that nobody works with any more. */
export async function archiveClient(ctx: Context, client: Client): Promise<Client> {
  await ctx.query(Client).filter({ id: client.id }).update({ status: 'archived' })
  return ctx.query(Client).get(client.id)
}

export type ClientSummary = Readonly<Record<'total' | (typeof CLIENT_STATUSES)[number], number>>

/** Counts the clients of the business by status, in one statement. */
export async function summarizeClients(ctx: Context): Promise<ClientSummary> {
  const counts = await ctx.sql
    .selectFrom('clients_client')
    .select(['status', (eb) => eb.fn.countAll<string>().as('count')])
    .where('deleted_at', 'is', null)
    .groupBy('status')
    .execute()
  const summary = { total: 0, lead: 0, active: 0, archived: 0 }
  for (const { status, count } of counts) {
    summary[status] = Number(count)
    summary.total += Number(count)
  }
  return summary
}
