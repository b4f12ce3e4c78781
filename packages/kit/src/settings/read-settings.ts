import type { DatabaseSettings } from './database-url.ts'
import { originElsewhere, passkeySettings } from './passkey-settings.ts'
import { algorithmOfPem } from './pem-key.ts'
import type { Setting } from './setting.ts'
import type { EmailSettings, Settings } from './settings.ts'
import { type SettingProblem, SettingsError } from './settings-error.ts'
import { DEVELOPMENT_SECRET, SETTINGS } from './settings-table.ts'

/** The names and texts that settings are read from, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

type Values = {
  readonly [Name in keyof typeof SETTINGS]: (typeof SETTINGS)[Name] extends Setting<infer Value> ? Value : never
}

/** The first problem of each name. */
type Problems = Map<string, SettingProblem>

const LOCAL_HOSTS = ['localhost', '.localhost', '127.0.0.1', '[::1]']

/**
 * Reads the environment into one frozen object. A name that is set to nothing counts as unset.
 *
 * @example
 * const settings = readSettings({ DEBUG: 'true', PORT: '9000' })
 * assert.equal(settings.http.port, 9000)
 *
 * @throws {SettingsError} that names every bad value at once
 */
export function readSettings(env: Environment): Settings {
  const problems: Problems = new Map()
  const values = readValues(env, problems)
  checkSecret('SECRET_KEY', values, problems)
  checkSecret('JWT_SECRET_KEY', values, problems)
  checkFallbackSecrets(values, problems)
  checkPrivateKey(values, problems)
  checkTogether(values, problems)
  checkEmail(values, problems)
  if (problems.size > 0) throw new SettingsError([...problems.values()])
  return freeze(groupValues(values))
}

function readValues(env: Environment, problems: Problems): Values {
  const entries = Object.entries(SETTINGS).map(([name, setting]) => [name, readValue(name, setting, env, problems)])
  // Each entry was read by the setting of its own name, which is what `Values` says.
  return Object.fromEntries(entries) as Values
}

function readValue(name: string, setting: Setting<unknown>, env: Environment, problems: Problems): unknown {
  const raw = env[name] ?? ''
  const text = setting.isSecret ? raw : raw.trim()
  if (text.trim() === '') return setting.default
  const value = setting.parse(text)
  if (value !== undefined) return value
  report(problems, { name, wanted: setting.wanted, ...(!setting.isSecret && { seen: JSON.stringify(text) }) })
  return setting.default
}

function report(problems: Problems, problem: SettingProblem): void {
  if (!problems.has(problem.name)) problems.set(problem.name, problem)
}

const FEWEST_CHARACTERS = 50
const FEWEST_DISTINCT = 5
const PLACEHOLDER = /^django-insecure-|change[-_ ]?me|your[-_ ]?(jwt[-_ ]?)?secret|^development-only/i

function checkSecret(name: 'SECRET_KEY' | 'JWT_SECRET_KEY', values: Values, problems: Problems): void {
  const value = values[name]
  if (values.DEBUG || !isWeak(value)) return
  report(problems, { name, wanted: STRONG, seen: value === '' ? 'nothing' : 'a weak secret' })
}

/** A weak secret that tokens are taken by is as bad in the second place as in the first. */
function checkFallbackSecrets(values: Values, problems: Problems): void {
  if (values.DEBUG || !values.JWT_SECRET_KEY_FALLBACKS.some(isWeak)) return
  report(problems, { name: 'JWT_SECRET_KEY_FALLBACKS', wanted: `each ${STRONG}`, seen: 'a weak secret' })
}

const STRONG = 'at least 50 characters, 5 of them different, and no placeholder (or DEBUG=true)'

function isWeak(secret: string): boolean {
  return secret.length < FEWEST_CHARACTERS || new Set(secret).size < FEWEST_DISTINCT || PLACEHOLDER.test(secret)
}

function checkPrivateKey({ JWT_ALGORITHM: algorithm, JWT_PRIVATE_KEY: key }: Values, problems: Problems): void {
  if (algorithm === 'HS256' || (key !== null && algorithmOfPem(key) === algorithm)) return
  const wanted = `${algorithm === 'EdDSA' ? 'an Ed25519' : 'a P-256'} private key, as JWT_ALGORITHM is ${algorithm}`
  report(problems, { name: 'JWT_PRIVATE_KEY', wanted, seen: key === null ? 'nothing' : 'a key of another kind' })
}

function checkTogether(values: Values, problems: Problems): void {
  const { DEBUG, ALLOWED_HOSTS, DATABASE_URL, DB_ENGINE, DB_NAME, PAGE_SIZE, MAX_PAGE_SIZE } = values
  if (!DEBUG && ALLOWED_HOSTS.length === 0) {
    report(problems, {
      name: 'ALLOWED_HOSTS',
      seen: 'nothing',
      wanted: `${SETTINGS.ALLOWED_HOSTS.wanted} (or DEBUG=true)`,
    })
  }
  if (DATABASE_URL === null && DB_ENGINE !== 'sqlite' && DB_NAME === '') {
    report(problems, {
      name: 'DB_NAME',
      seen: 'nothing',
      wanted: `${SETTINGS.DB_NAME.wanted}, as DB_ENGINE is ${DB_ENGINE}`,
    })
  }
  if (PAGE_SIZE > MAX_PAGE_SIZE) {
    report(problems, {
      name: 'PAGE_SIZE',
      seen: `${PAGE_SIZE}`,
      wanted: `at most MAX_PAGE_SIZE, which is ${MAX_PAGE_SIZE}`,
    })
  }
  const elsewhere = originElsewhere(values)
  if (elsewhere !== null) {
    const wanted = `https origins on ${passkeySettings(values).rpId}, the domain of passkeys`
    report(problems, { name: 'WEBAUTHN_ORIGINS', seen: elsewhere, wanted })
  }
  if (values.LOCKOUT_LONGEST_TIME < values.LOCKOUT_TIME) {
    const seen = `${values.LOCKOUT_LONGEST_TIME / 1000}s`
    report(problems, { name: 'LOCKOUT_LONGEST_TIME', seen, wanted: 'at least LOCKOUT_TIME' })
  }
  if (values.REFRESH_TOKEN_LIFETIME < values.ACCESS_TOKEN_LIFETIME) {
    const seen = `${values.REFRESH_TOKEN_LIFETIME / 1000}s`
    report(problems, { name: 'REFRESH_TOKEN_LIFETIME', seen, wanted: 'at least ACCESS_TOKEN_LIFETIME' })
  }
  if (values.SESSION_LIFETIME < values.REFRESH_TOKEN_LIFETIME) {
    const seen = `${values.SESSION_LIFETIME / 1000}s`
    report(problems, { name: 'SESSION_LIFETIME', seen, wanted: 'at least REFRESH_TOKEN_LIFETIME' })
  }
}

function checkEmail(values: Values, problems: Problems): void {
  const { EMAIL_BACKEND, EMAIL_HOST, EMAIL_USE_TLS, EMAIL_USE_SSL } = values
  if (EMAIL_HOST === '' && EMAIL_BACKEND === 'smtp') {
    report(problems, { name: 'EMAIL_HOST', seen: 'nothing', wanted: 'the SMTP server, as EMAIL_BACKEND is smtp' })
  }
  if (EMAIL_USE_TLS && EMAIL_USE_SSL) {
    report(problems, {
      name: 'EMAIL_USE_SSL',
      seen: 'true',
      wanted: 'false, as EMAIL_USE_TLS is true: one or the other',
    })
  }
}

function groupValues(values: Values): Settings {
  return {
    debug: values.DEBUG,
    secrets: {
      key: values.SECRET_KEY || DEVELOPMENT_SECRET,
      keyFallbacks: values.SECRET_KEY_FALLBACKS,
      jwt: values.JWT_SECRET_KEY || DEVELOPMENT_SECRET,
      jwtFallbacks: values.JWT_SECRET_KEY_FALLBACKS,
      jwtPrivateKey: values.JWT_PRIVATE_KEY,
      jwtPrivateKeyFallbacks: values.JWT_PRIVATE_KEY_FALLBACKS,
    },
    database: databaseOf(values),
    redisUrl: values.REDIS_URL,
    http: {
      host: values.HOST,
      port: values.PORT,
      allowedHosts: values.DEBUG ? [...values.ALLOWED_HOSTS, ...LOCAL_HOSTS] : values.ALLOWED_HOSTS,
      cors: { allowAllOrigins: values.CORS_ALLOW_ALL_ORIGINS, allowedOrigins: values.CORS_ALLOWED_ORIGINS },
      csrfTrustedOrigins: values.CSRF_TRUSTED_ORIGINS,
      cookieSameSite: values.SESSION_COOKIE_SAMESITE,
      bodyLimit: values.BODY_LIMIT,
      trustProxy: values.TRUST_PROXY,
    },
    tokens: {
      algorithm: values.JWT_ALGORITHM,
      accessLifetimeMs: values.ACCESS_TOKEN_LIFETIME,
      refreshLifetimeMs: values.REFRESH_TOKEN_LIFETIME,
      sessionLifetimeMs: values.SESSION_LIFETIME,
      refreshGraceMs: values.REFRESH_GRACE_SECONDS * 1000,
    },
    lockout: {
      failures: values.LOCKOUT_FAILURES,
      addressFailures: values.LOCKOUT_ADDRESS_FAILURES,
      windowMs: values.LOCKOUT_WINDOW,
      lockMs: values.LOCKOUT_TIME,
      longestLockMs: values.LOCKOUT_LONGEST_TIME,
      emails: values.EMAIL_LIMIT,
      emailsFromAddress: values.EMAIL_LIMIT_ADDRESS,
    },
    api: { case: values.API_CASE, pageSize: values.PAGE_SIZE, maxPageSize: values.MAX_PAGE_SIZE },
    email: emailOf(values),
    frontendUrl: values.FRONTEND_URL,
    isRegistrationOpen: values.REGISTRATION_OPEN,
    securityLogDays: values.SECURITY_LOG_DAYS,
    passkeys: passkeySettings(values),
    log: { level: values.LOG_LEVEL, slowQueryMs: values.SLOW_QUERY_MS },
  }
}

function emailOf(values: Values): EmailSettings {
  return {
    // Never the standard output by itself without DEBUG: links that sign people in would stand in the log.
    backend: values.EMAIL_BACKEND ?? (values.EMAIL_HOST !== '' || !values.DEBUG ? 'smtp' : 'console'),
    host: values.EMAIL_HOST,
    port: values.EMAIL_PORT,
    user: values.EMAIL_HOST_USER,
    password: values.EMAIL_HOST_PASSWORD,
    useTls: values.EMAIL_USE_TLS,
    useSsl: values.EMAIL_USE_SSL,
    timeoutMs: values.EMAIL_TIMEOUT * 1000,
    filePath: values.EMAIL_FILE_PATH,
    from: values.DEFAULT_FROM_EMAIL,
    siteName: values.SITE_NAME,
  }
}

function databaseOf(values: Values): DatabaseSettings {
  const pool = {
    poolSize: values.DB_POOL_SIZE,
    poolTimeoutMs: values.DB_POOL_TIMEOUT_MS,
    ...(values.DB_RLS ? {} : { rowSecurity: false }),
  }
  if (values.DATABASE_URL !== null) return { ...values.DATABASE_URL, ...pool }
  if (values.DB_ENGINE === 'sqlite') return { dialect: 'sqlite', name: values.DB_NAME || 'var/db.sqlite3', ...pool }
  return {
    dialect: values.DB_ENGINE,
    name: values.DB_NAME,
    ...pool,
    ...(values.DB_HOST !== '' && { host: values.DB_HOST }),
    ...(values.DB_PORT !== null && { port: values.DB_PORT }),
    ...(values.DB_USER !== '' && { user: values.DB_USER }),
    ...(values.DB_PASSWORD !== '' && { password: values.DB_PASSWORD }),
  }
}

function freeze<Value extends object>(value: Value): Value {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) freeze(part)
  }
  return Object.freeze(value)
}
