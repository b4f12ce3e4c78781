import { SecretBox } from '../../../../base/index.ts'
import type { AnyModel, Context, Json } from '../../../../db/index.ts'
import { SoftAuthenticator, type SoftAuthenticatorOptions } from '../../../../testing/passkeys/soft-authenticator.ts'
import { signInModels } from '../../../../testing/sign-in-models.ts'
import { type ThrowawayStoreSource, testStores } from '../../../../testing/throwaway-store.ts'
import { OneTimeTokens } from '../../../one-time/one-time-tokens.ts'
import { Business, Membership, SECRET, Session, TestClock, User } from '../../../tests/project.ts'
import type { CeremonySubject } from '../ceremonies.ts'
import { readUsedCredential } from '../credential.ts'
import { PasskeyFactor, type PasskeyProof, type PasskeyUser } from '../passkey-factor.ts'
import { verifyRegistration } from '../verify-registration.ts'

const MODELS = { user: User, ...signInModels(() => User) }
const ALL = [...Object.values(MODELS), Business, Membership, Session] as unknown as AnyModel[] // as: made by model()

export const ORIGIN = 'https://app.example.com'
export const SITE = { rpId: 'example.com', rpName: 'Example', origins: [ORIGIN] }

/** Passkeys on a database of their own, without the rest of signing in. */
export interface Stage {
  readonly factor: PasskeyFactor
  readonly clock: TestClock
  readonly ctx: Context
  readonly models: typeof MODELS
  makeUser(name: string): Promise<PasskeyUser>
  /** Makes a passkey and keeps it. */
  enrol(user: PasskeyUser, device?: SoftAuthenticator, name?: string): Promise<SoftAuthenticator>
  /** Verifies and claims, as a sign-in does. */
  use(credential: unknown, subject: CeremonySubject): Promise<string>
  drop(): Promise<void>
}

export const device = (options: Partial<SoftAuthenticatorOptions> = {}) =>
  new SoftAuthenticator({ origin: ORIGIN, ...options })

export const clock = new TestClock()
export const stages: readonly ThrowawayStoreSource[] = testStores(ALL, { clock })

/** What came over the wire. */
export const wire = (value: unknown): Json => JSON.parse(JSON.stringify(value))

// biome-ignore lint/suspicious/noExplicitAny: options are JSON, of which authenticators read a part
export const optionsFor = (options: unknown): any => options

export async function openStage(source: ThrowawayStoreSource): Promise<Stage> {
  const { context, drop } = await source.create()
  const ctx = context(null)
  const box = new SecretBox([SECRET])
  const tokens = new OneTimeTokens({ model: MODELS.oneTimeToken, box })
  const factor = new PasskeyFactor({ site: SITE, models: MODELS, tokens, box })
  return {
    factor,
    clock,
    ctx,
    models: MODELS,
    makeUser: async (name) => {
      const email = `${name.toLowerCase()}@acme.test`
      const { id: userId } = await ctx.query(User).create({ name, email, password: null })
      return { userId, email, name }
    },
    enrol: async (user, given = device(), name = 'Phone') => {
      const credential = given.create(optionsFor(await factor.creationOptions(ctx, user)))
      const verified = await verifyRegistration(SITE, wire(credential))
      await ctx.transaction((tx) => factor.add(tx, verified, { userId: user.userId, name }))
      return given
    },
    use: async (credential, subject) => {
      const proof = await factor.verify(ctx, readUsedCredential(wire(credential)), subject)
      if ('refused' in proof) return proof.refused
      return (await claimed(ctx, proof)) ? 'taken' : 'too late'
    },
    drop,
  }
}

class Late extends Error {}

async function claimed(ctx: Context, proof: PasskeyProof): Promise<boolean> {
  const work = ctx.transaction(async (tx) => {
    if (!(await proof.claim(tx))) throw new Late()
    return true
  })
  return work.catch((error: unknown) => {
    if (error instanceof Late) return false
    throw error
  })
}
