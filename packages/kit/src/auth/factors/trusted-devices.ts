import { randomBytes } from 'node:crypto'
import type { Context } from '../../db/index.ts'
import { type Client, clientColumns } from '../models/client.ts'
import type { TrustedDeviceModel } from '../models/factor-models.ts'
import { hashToken } from '../tokens/tokens.ts'

const TOKEN_BYTES = 32

/** How long a device is spared the second factor. */
export const DEVICE_TRUST_MS = 30 * 86_400_000

/** The devices on which users are not asked for the second factor. The password they are always asked for. */
export class TrustedDevices {
  readonly #model: TrustedDeviceModel

  constructor(model: TrustedDeviceModel) {
    this.#model = model
  }

  /** Trusts a device, and gives the token by which it is known: it can never be read again. */
  async trust(tx: Context, { userId, client }: { readonly userId: string; readonly client: Client }): Promise<string> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url')
    const now = tx.store.clock.now()
    await tx.query(this.#model).create({
      user: userId,
      token_hash: hashToken(token),
      ...clientColumns(client),
      created_at: new Date(now),
      last_used_at: new Date(now),
      expires_at: new Date(now + DEVICE_TRUST_MS),
    })
    return token
  }

  /** The id of the device, if it is one of the user with that address; one of somebody else's is worth nothing. */
  async find(
    ctx: Context,
    { token, email }: { readonly token: string; readonly email: string },
  ): Promise<string | null> {
    const trusted = { token_hash: hashToken(token), expires_at__gt: new Date(ctx.store.clock.now()) }
    const device = await ctx
      .query(this.#model)
      .filter({ ...trusted, user__email: email })
      .first()
    return device?.id ?? null
  }

  /** Notes that a device was used; false if it has been withdrawn meanwhile. */
  async touch(tx: Context, { id, client }: { readonly id: string; readonly client: Client }): Promise<boolean> {
    const last_used_at = new Date(tx.store.clock.now())
    return (
      (await tx
        .query(this.#model)
        .filter({ id })
        .update({ last_used_at, ...clientColumns(client) })) === 1
    )
  }

  /** Trusts none of a user's devices any longer, and tells how many they were. */
  forget(tx: Context, userId: string): Promise<number> {
    return tx.query(this.#model).filter({ user: userId }).delete()
  }
}
