import type { Context, Json } from '../../db/index.ts'
import type { SecurityEventModel } from '../models/account-models.ts'
import { type Client, clientColumns } from '../models/client.ts'

/** What can happen to an account. `docs/reference/security-log.md` is held equal to it. */
export const SECURITY_EVENTS = {
  registered: 'The account was made.',
  login: 'Signed in.',
  login_failed: 'Somebody tried to sign in, and failed.',
} as const

export type SecurityEventKind = keyof typeof SECURITY_EVENTS

export interface NewSecurityEvent {
  readonly kind: SecurityEventKind
  /** Whom it happened to; null where no account has the address. */
  readonly user: string | null
  /** The business it happened in, whose admins may read of it. */
  readonly business?: string | null
  /** Who did it, where that is not the user. */
  readonly actor?: string | null
  readonly session?: string | null
  readonly client: Pick<Client, 'ip' | 'userAgent'>
  /** Never a secret, and nothing of another business. */
  readonly details?: { readonly [name: string]: Json }
}

/** Writes down what happens to accounts, in the transaction of the change itself. */
export class SecurityLog {
  readonly #model: SecurityEventModel

  constructor(model: SecurityEventModel) {
    this.#model = model
  }

  async record(ctx: Context, { client, details = {}, ...event }: NewSecurityEvent): Promise<void> {
    const at = new Date(ctx.store.clock.now())
    await ctx.query(this.#model).create({ ...event, at, ...clientColumns(client), details })
  }
}
