import type { Context } from '../../db/index.ts'
import type { KitTemplate, Outbox } from '../../mail/index.ts'
import type { Client } from '../models/client.ts'
import { deviceName } from '../security-log/device-name.ts'

/** Whom a message is for. */
export interface Recipient {
  readonly email: string
  readonly name: string
  readonly language: string
}

export interface Notice {
  /** The name of the template. */
  readonly template: KitTemplate
  readonly to: Recipient
  /** From where it was done, where the message tells of that. */
  readonly client?: Pick<Client, 'ip' | 'userAgent'>
  readonly values?: Readonly<Record<string, string>>
}

/** Puts an e-mail to a user into the outbox, in the transaction of `ctx`: what is rolled back is never told of. */
export type SendNotice = (ctx: Context, notice: Notice) => Promise<void>

/** Makes what tells users by e-mail of what happens to their accounts. */
export function createNotices(outbox: Pick<Outbox, 'add'>): SendNotice {
  return async (ctx, { template, to, client, values = {} }) => {
    const { email, name, language } = to
    const at = new Date(ctx.store.clock.now()).toISOString()
    const place = client ? { ip: client.ip ?? '', device: deviceName(client.userAgent) ?? '' } : {}
    await outbox.add(ctx, {
      topic: 'mail',
      payload: { template, to: email, language, values: { name, at, ...place, ...values } },
    })
  }
}
