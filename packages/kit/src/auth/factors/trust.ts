import type { Context } from '../../db/index.ts'
import type { Challenges } from './challenges.ts'
import type { EmailCodes } from './email-codes.ts'
import type { TrustedDevices } from './trusted-devices.ts'

/** What lets a user in without all their factors, or is on its way to letting them in. */
export interface Trust {
  /**
   * Takes it all back: trusted devices, sign-ins that wait for their second step, codes that were sent. Call it in the
   * transaction that changes a password, an e-mail address or a factor.
   */
  withdraw(tx: Context, userId: string): Promise<void>
}

export interface TrustParts {
  readonly devices: TrustedDevices
  readonly challenges: Challenges
  readonly emailCodes: EmailCodes
}

export function createTrust({ devices, challenges, emailCodes }: TrustParts): Trust {
  return {
    withdraw: async (tx, userId) => {
      await devices.forget(tx, userId)
      await challenges.forget(tx, userId)
      await emailCodes.forget(tx, userId)
    },
  }
}
