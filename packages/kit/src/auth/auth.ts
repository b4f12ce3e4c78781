import { ApiError, SecretBox } from '../base/index.ts'
import type { Channel } from '../cache/index.ts'
import type { Store } from '../db/index.ts'
import type { Outbox, OutboxHandlers } from '../mail/index.ts'
import type { Settings } from '../settings/index.ts'
import { type Accounts, createAccounts } from './accounts/accounts.ts'
import { createLinks, type LinkSettings } from './accounts/links.ts'
import { isApiKey } from './api-keys/api-key-text.ts'
import { ApiKeys } from './api-keys/api-keys.ts'
import { KeyMemory } from './api-keys/key-memory.ts'
import { createFactors } from './factors/create-factors.ts'
import type { SecondFactor } from './factors/second-factor.ts'
import type { Trust } from './factors/trust.ts'
import { EmailLimit } from './limits/email-limit.ts'
import { Lockout } from './limits/lockout.ts'
import { type Administration, createAdministration } from './members/administration.ts'
import type { AuthModels } from './models/auth-models.ts'
import type { Client } from './models/client.ts'
import { createNotices } from './notices/notices.ts'
import { OneTimeTokens } from './one-time/one-time-tokens.ts'
import { createPasskeys, type Passkeys } from './passkeys/passkeys.ts'
import { PasswordHasher } from './passwords/password-hasher.ts'
import type { Principal } from './permissions/principal.ts'
import { SecurityLog } from './security-log/security-log.ts'
import { findPrincipal, verifyToken } from './sessions/find-principal.ts'
import { findLiveSession } from './sessions/live-session.ts'
import type { RefreshOptions, SessionTokens } from './sessions/refresh.ts'
import { RevocationFeed } from './sessions/revocation-feed.ts'
import { createRevoker, type Revoker } from './sessions/revoker.ts'
import { SessionMemory } from './sessions/session-memory.ts'
import { Sessions } from './sessions/sessions.ts'
import { type Credentials, type LoginAnswer, login } from './sign-in/login.ts'
import { type Profile, profileOf } from './sign-in/profile.ts'
import type { SignInParts } from './sign-in/sign-in-parts.ts'
import { createSignInSteps, type SignInSteps } from './sign-in/sign-in-steps.ts'
import { type Switched, type SwitchTarget, switchBusiness } from './sign-in/switch-business.ts'
import { type PublicJwk, publicKeysOf, type TokenKeys, tokenKeys } from './tokens/token-keys.ts'
import { Tokens } from './tokens/tokens.ts'

export interface AuthOptions {
  /** Its clock is the one that tokens and sessions go by. */
  readonly store: Store
  readonly settings: AuthSettings
  readonly models: AuthModels
  /** Brings the end of a session to other nodes at once. */
  readonly channel: Channel
  /** Takes messages and requests, in the transaction of what they follow from. */
  readonly outbox: Outbox
  readonly passwords?: PasswordHasher
}

export type AuthSettings = Pick<Settings, 'secrets' | 'tokens' | 'lockout' | 'passkeys' | 'isRegistrationOpen'> &
  LinkSettings & { readonly email: Pick<Settings['email'], 'siteName'> }

/** Sign-in and all that follows from it. One per process. */
export interface Auth extends Revoker, Administration {
  readonly passwords: PasswordHasher
  /** What becomes of requests in the outbox, by topic: a worker runs them. */
  readonly outboxHandlers: OutboxHandlers
  readonly sessions: Sessions
  /** Every guess of a secret goes through it. */
  readonly lockout: Lockout
  /** Every request that makes an e-mail be sent to whoever it names goes through it. */
  readonly emailLimit: EmailLimit
  /** @throws {ApiError} `invalid_credentials`, whatever is wrong; `account_locked`, `throttled`; `service_unavailable` if too many sign in at once */
  login(credentials: Credentials, client: Client): Promise<LoginAnswer>
  /** A new pair for a refresh token, which is dead from then on. @throws {ApiError} `token_not_valid` */
  refresh(token: string, options: RefreshOptions): Promise<SessionTokens>
  /** @throws {ApiError} `token_not_valid` if an access or refresh token would not be taken */
  verifyToken(token: string): Promise<void>
  /** By which others verify access tokens; none with HS256. */
  readonly publicKeys: readonly PublicJwk[]
  logout(principal: Principal, client: Client): Promise<void>
  /** @throws {ApiError} `not_found` if the user may not enter that business */
  switchBusiness(principal: Principal, target: SwitchTarget): Promise<Switched>
  profile(principal: Principal, client: Client): Promise<Profile>
  /** What people do with their accounts. */
  readonly accounts: Accounts
  /** What the ways of signing in share. */
  readonly signIn: SignInSteps
  /** What users do to their own second factor. */
  readonly secondFactor: SecondFactor
  /** What users do with their passkeys. */
  readonly passkeys: Passkeys
  /** What lets users in without all their factors, to be withdrawn whenever one changes. */
  readonly trust: Trust
  readonly apiKeys: ApiKeys
  /**
   * Who sends an `Authorization` header, with an access token or an API key; null without one, or with one of another
   * scheme.
   *
   * @throws {ApiError} `bad_authorization_header`, `token_not_valid`; for an API key `permission_denied` and `throttled`
   */
  authenticate(header: string | undefined, client?: Client): Promise<Principal | null>
  /** Who sends an access token in a cookie. @throws {ApiError} `token_not_valid` */
  authenticateCookie(token: string): Promise<Principal>
  close(): void
}

/** Makes the sign-in of a process. Settles once revocations by other nodes arrive. */
export async function createAuth(options: AuthOptions): Promise<Auth> {
  const { store, models, settings, outbox, passwords = new PasswordHasher() } = options
  const { clock } = store
  const { key, keyFallbacks } = settings.secrets
  const box = new SecretBox([key, ...keyFallbacks])
  const securityLog = new SecurityLog(models)
  const lockout = new Lockout({ store, box, securityLog, outbox, user: models.user, settings: settings.lockout })
  const keys = tokenKeysOf(settings)
  const tokens = new Tokens({ keys, ...settings.tokens, clock })
  const memory = new SessionMemory({
    clock,
    read: (subject) => findLiveSession(subject, { store, models, nowMs: clock.now() }),
  })
  const keyMemory = new KeyMemory(clock)
  const feed = feedOf(options, [memory, keyMemory])
  const revoker = createRevoker({ session: models.session, record: feed.record.bind(feed) })
  const sessions = new Sessions({ store, models, tokens, revoker, securityLog, ...settings.tokens })
  const sendNotice = createNotices(outbox)
  const emailLimit = new EmailLimit({ store, box, settings: settings.lockout })
  const oneTime = new OneTimeTokens({ model: models.oneTimeToken, box })
  const { siteName: issuer } = settings.email
  const factors = createFactors({ store, models, box, oneTime, revoker, securityLog, sendNotice, issuer })
  const shared = { store, models, sessions, passwords, lockout, emailLimit, securityLog, sendNotice }
  const parts: SignInParts = { ...shared, ...factors }
  const { isRegistrationOpen } = settings
  const links = createLinks(settings)
  const accounts = createAccounts({
    ...{ ...parts, oneTime, outbox, box, revoker, emailLimit, isRegistrationOpen },
    links,
  })
  const apiKeys = new ApiKeys({
    ...{ store, models, securityLog, sendNotice, memory: keyMemory },
    record: feed.record.bind(feed),
    catchUp: () => feed.catchUp(),
  })
  const live = { store, tokens, feed, memory, models }
  const administration = createAdministration({
    ...{ ...parts, ...factors, oneTime, outbox, box, revoker, emailLimit },
    links,
  })
  await feed.open()
  return {
    passwords,
    sessions,
    publicKeys: publicKeysOf(keys),
    outboxHandlers: accounts.outboxHandlers,
    lockout,
    emailLimit,
    accounts,
    apiKeys,
    login: (credentials, client) => login(parts, credentials, client),
    refresh: (token, options) => sessions.refresh(token, options),
    ...administration,
    logout: (principal, client) => sessions.logout(principal, client),
    verifyToken: (token) => verifyToken(live, token),
    switchBusiness: (principal, target) => switchBusiness(parts, principal, target),
    profile: (principal, client) => profileOf(parts, principal, client),
    signIn: createSignInSteps({ ...parts, revoker }),
    secondFactor: factors.secondFactor,
    passkeys: createPasskeys({ ...parts, ...factors, revoker, site: settings.passkeys, tokens: oneTime, box }),
    trust: factors.trust,
    ...authenticationOf(live, apiKeys),
    ...revoker,
    close: () => feed.close(),
  }
}

function tokenKeysOf({ secrets, tokens }: AuthOptions['settings']): TokenKeys {
  return tokenKeys({
    algorithm: tokens.algorithm,
    secret: secrets.jwt,
    secretFallbacks: secrets.jwtFallbacks,
    privateKey: secrets.jwtPrivateKey,
    privateKeyFallbacks: secrets.jwtPrivateKeyFallbacks,
  })
}

/** Tells of revocations to whatever remembers what may be revoked. */
function feedOf(
  { store, channel }: Pick<AuthOptions, 'store' | 'channel'>,
  memories: readonly Pick<SessionMemory, 'forget' | 'forgetAll'>[],
): RevocationFeed {
  return new RevocationFeed({
    ...{ store, clock: store.clock, channel },
    onRevoked: (revoked) => {
      for (const memory of memories) memory.forget(revoked)
    },
    onGap: () => {
      for (const memory of memories) memory.forgetAll()
    },
  })
}

function authenticationOf(
  live: Parameters<typeof findPrincipal>[0],
  apiKeys: ApiKeys,
): Pick<Auth, 'authenticate' | 'authenticateCookie'> {
  return {
    authenticate: async (header, client = NO_CLIENT) => {
      const token = bearerToken(header)
      if (token === null) return null
      if (isApiKey(token)) return apiKeys.authenticate(token, client)
      return findPrincipal(live, { token, transport: 'bearer' })
    },
    authenticateCookie: (token) => findPrincipal(live, { token, transport: 'cookies' }),
  }
}

const NO_CLIENT: Client = { ip: null, userAgent: null, requestId: 'none' }

function bearerToken(header: string | undefined): string | null {
  if (header === undefined || !/^bearer(?: |$)/i.test(header)) return null
  const [, token, ...more] = header.split(/ +/)
  if (!token || more.length > 0) throw new ApiError('bad_authorization_header')
  return token
}
