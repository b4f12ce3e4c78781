import type { SecretBox } from '../../base/index.ts'
import type { Store } from '../../db/index.ts'
import type { AuthModels } from '../models/auth-models.ts'
import type { SendNotice } from '../notices/notices.ts'
import type { OneTimeTokens } from '../one-time/one-time-tokens.ts'
import type { SecurityLog } from '../security-log/security-log.ts'
import type { Revoker } from '../sessions/revoker.ts'
import { Authenticators } from './authenticators.ts'
import { Challenges } from './challenges.ts'
import { EmailCodes } from './email-codes.ts'
import { FactorChanges } from './factor-changes.ts'
import { RecoveryCodes } from './recovery-codes.ts'
import { SecondFactor } from './second-factor.ts'
import { createTrust, type Trust } from './trust.ts'
import { TrustedDevices } from './trusted-devices.ts'

export interface FactorsOptions {
  readonly store: Store
  readonly models: AuthModels
  readonly box: SecretBox
  readonly oneTime: OneTimeTokens
  readonly revoker: Revoker
  readonly securityLog: SecurityLog
  readonly sendNotice: SendNotice
  /** What authenticator apps call the entry. */
  readonly issuer: string
}

/** What a user may show besides the password, and what lets them in without. */
export interface Factors {
  readonly authenticators: Authenticators
  readonly recoveryCodes: RecoveryCodes
  readonly emailCodes: EmailCodes
  readonly challenges: Challenges
  readonly devices: TrustedDevices
  readonly trust: Trust
  readonly changes: FactorChanges
  readonly secondFactor: SecondFactor
}

export function createFactors({ box, oneTime, ...shared }: FactorsOptions): Factors {
  const { models } = shared
  const authenticators = new Authenticators({ model: models.totp, box })
  const recoveryCodes = new RecoveryCodes({ model: models.recoveryCode, box })
  const emailCodes = new EmailCodes(oneTime)
  const challenges = new Challenges(oneTime)
  const devices = new TrustedDevices(models.trustedDevice)
  const trust = createTrust({ devices, challenges, emailCodes })
  const changes = new FactorChanges({ ...shared, trust, recoveryCodes })
  const secondFactor = new SecondFactor({ ...shared, authenticators, recoveryCodes, changes, trust })
  return { authenticators, recoveryCodes, emailCodes, challenges, devices, trust, changes, secondFactor }
}
