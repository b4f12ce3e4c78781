import { isId } from '../../base/index.ts'
import type { Context } from '../../db/index.ts'
import type { AuthModels } from '../models/auth-models.ts'
import { WorkQueue } from '../passwords/work-queue.ts'
import { makeAvatar } from './avatar-image.ts'

/** The pictures of users. They are kept outside any business, and so is every context here but that of `isMember`. */
export class Avatars {
  readonly #models: AuthModels
  /** Unpacking takes memory, and a core. */
  readonly #queue = new WorkQueue({ concurrency: 1, waiting: 16 })

  constructor(models: AuthModels) {
    this.#models = models
  }

  /**
   * Makes the picture of a user from what was uploaded.
   *
   * @throws {ApiError} `validation_failed` if that is no picture; `service_unavailable` if too many wait already
   */
  async put(ctx: Context, userId: string, upload: Uint8Array): Promise<void> {
    const made = await this.#queue.run(() => makeAvatar(upload))
    const values = { content: Buffer.from(made).toString('base64'), updated_at: new Date(ctx.store.clock.now()) }
    await ctx.query(this.#models.avatar).updateOrCreate({ user: userId }, values)
  }

  async get(ctx: Context, userId: string): Promise<Uint8Array | null> {
    const row = await ctx.query(this.#models.avatar).filter({ user: userId }).first()
    return row && Buffer.from(row.content, 'base64')
  }

  async remove(ctx: Context, userId: string): Promise<void> {
    await ctx.query(this.#models.avatar).filter({ user: userId }).delete()
  }

  /** Whether a user belongs to the business of `ctx`. */
  async isMember(ctx: Context, userId: string): Promise<boolean> {
    return isId(userId) && ctx.query(this.#models.membership).filter({ user: userId }).exists()
  }
}
