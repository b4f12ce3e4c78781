import type { Role } from '../auth/index.ts'
import type { Context } from '../db/index.ts'
import type { Accounts, Named } from '../manage/index.ts'

export interface MadeUser {
  readonly id: string
  readonly email: string
  readonly password: string
  /** The business that they are a member of; null: of none. */
  readonly business: Named | null
}

export interface UserOptions {
  readonly name?: string
  readonly email?: string
  readonly password?: string
  /** Left out: the user belongs to none. */
  readonly business?: Named
  /** What they are in the business: `admin` unless it says otherwise. */
  readonly role?: Role
  readonly isSuperuser?: boolean
}

/** Makes what tests begin with. What is not said is made up, and never twice the same. */
export interface Make {
  business(options?: { readonly name?: string; readonly slug?: string }): Promise<Named>
  user(options?: UserOptions): Promise<MadeUser>
}

export function createMake(accounts: Accounts, ctx: Context): Make {
  let count = 0
  return {
    business: (options = {}) => {
      const number = ++count
      return accounts.createBusiness(ctx, {
        name: options.name ?? `Business ${number}`,
        slug: options.slug ?? `business-${number}`,
      })
    },
    user: async (options = {}) => {
      const number = ++count
      const { email = `user-${number}@example.com`, password = `Right-pass-${number}`, business = null } = options
      const { name = `User ${number}`, role = 'admin', isSuperuser = false } = options
      const user = await accounts.createUser(ctx, { email, name, password, isSuperuser })
      if (business) await accounts.addMember(ctx, { businessId: business.id, userId: user.id, role })
      return { id: user.id, email: user.email, password, business }
    },
  }
}
