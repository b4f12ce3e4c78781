import type { TrustedProxies } from './addresses.ts'
import type { DatabaseSettings } from './database-url.ts'
import type { EmailBackend } from './email.ts'
import type { PasskeySettings } from './passkey-settings.ts'

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'

/** When browsers send the cookies of a session along: `none` for pages of another site. */
export type CookieSameSite = 'lax' | 'strict' | 'none'

export interface HttpSettings {
  readonly host: string
  readonly port: number
  /** As in Django: `*`, `example.com`, `.example.com`, `[::1]`. */
  readonly allowedHosts: readonly string[]
  readonly cors: { readonly allowAllOrigins: boolean; readonly allowedOrigins: readonly string[] }
  readonly csrfTrustedOrigins: readonly string[]
  readonly cookieSameSite: CookieSameSite
  readonly bodyLimit: number
  /** `null`: no proxy is believed. */
  readonly trustProxy: TrustedProxies | null
}

export interface EmailSettings {
  readonly backend: EmailBackend
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  /** STARTTLS. */
  readonly useTls: boolean
  /** TLS from the first byte. */
  readonly useSsl: boolean
  /** For each step of SMTP. */
  readonly timeoutMs: number
  /** Where the `file` backend writes. */
  readonly filePath: string
  /** `Acme <no-reply@acme.example>` */
  readonly from: string
  readonly siteName: string
}

export interface LockoutSettings {
  /** Wrong guesses after which an account is locked. */
  readonly failures: number
  readonly addressFailures: number
  readonly windowMs: number
  readonly lockMs: number
  readonly longestLockMs: number
  /** E-mails in an hour to one recipient. */
  readonly emails: number
  readonly emailsFromAddress: number
}

/** What the environment says, read once. */
export interface Settings {
  readonly debug: boolean
  readonly secrets: {
    readonly key: string
    /** Former keys: what they sealed can still be opened. */
    readonly keyFallbacks: readonly string[]
    readonly jwt: string
    readonly jwtFallbacks: readonly string[]
    /** In PEM. */
    readonly jwtPrivateKey: string | null
    /** Private keys or their public halves, in PEM. */
    readonly jwtPrivateKeyFallbacks: readonly string[]
  }
  readonly database: DatabaseSettings
  readonly redisUrl: string | null
  readonly http: HttpSettings
  readonly tokens: {
    /** What access tokens are signed by. */
    readonly algorithm: 'HS256' | 'EdDSA' | 'ES256'
    readonly accessLifetimeMs: number
    readonly refreshLifetimeMs: number
    /** How long a session goes on after its user has last proved who they are. */
    readonly sessionLifetimeMs: number
    /** For how long a client that lost the answer may bring its refresh token again. */
    readonly refreshGraceMs: number
  }
  readonly lockout: LockoutSettings
  readonly api: { readonly case: 'snake'; readonly pageSize: number; readonly maxPageSize: number }
  readonly email: EmailSettings
  readonly frontendUrl: string | null
  /** Whether anybody may make an account. */
  readonly isRegistrationOpen: boolean
  /** How many days the security log is kept. */
  readonly securityLogDays: number
  readonly passkeys: PasskeySettings
  readonly log: {
    readonly level: LogLevel
    /** Statements that take at least this long are logged; 0: none is. */
    readonly slowQueryMs: number
  }
}
