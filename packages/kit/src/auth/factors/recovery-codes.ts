import { randomInt } from 'node:crypto'
import type { SecretBox } from '../../base/index.ts'
import type { Context } from '../../db/index.ts'
import type { RecoveryCodeModel } from '../models/factor-models.ts'

const CODES = 10
const GROUPS = 3
const GROUP_LENGTH = 4
/** Crockford's Base32: without letters that look like digits. Twelve of them are 60 bits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const PURPOSE = 'recovery code'

/** The codes for those who have lost their other factors. Each is good once, and kept as a digest. */
export class RecoveryCodes {
  readonly #model: RecoveryCodeModel
  readonly #box: SecretBox

  constructor({ model, box }: { readonly model: RecoveryCodeModel; readonly box: SecretBox }) {
    this.#model = model
    this.#box = box
  }

  /** Makes ten new codes in place of those that there are. They can never be read again. */
  async renew(tx: Context, userId: string): Promise<string[]> {
    await this.remove(tx, userId)
    const codes = new Set<string>()
    while (codes.size < CODES) codes.add(newCode())
    const created_at = new Date(tx.store.clock.now())
    const kept = (code: string) => ({
      user: userId,
      code_hash: this.#box.digest(plain(code, userId), PURPOSE),
      created_at,
    })
    await tx.query(this.#model).bulkCreate([...codes].map(kept))
    return [...codes]
  }

  /** Uses a code up, in any case and with or without its dashes. False if it is none of the user's, or was used. */
  async use(tx: Context, userId: string, code: string): Promise<boolean> {
    const digests = this.#box.digests(plain(code, userId), PURPOSE)
    const unused = tx.query(this.#model).filter({ user: userId, code_hash__in: digests, used_at__isnull: true })
    return (await unused.update({ used_at: new Date(tx.store.clock.now()) })) === 1
  }

  left(ctx: Context, userId: string): Promise<number> {
    return ctx.query(this.#model).filter({ user: userId, used_at__isnull: true }).count()
  }

  async remove(tx: Context, userId: string): Promise<void> {
    await tx.query(this.#model).filter({ user: userId }).delete()
  }
}

function newCode(): string {
  const group = () => Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return Array.from({ length: GROUPS }, group).join('-')
}

/** What is typed, in one spelling, and whose it is: two users may have the same code. */
function plain(code: string, userId: string): string {
  const spelt = code.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1')
  return `${userId}:${spelt}`
}
