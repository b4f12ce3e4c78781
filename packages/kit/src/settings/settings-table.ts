import {
  parseAllowedHost,
  parseHostName,
  parseOrigin,
  parseOriginPattern,
  parseRedisUrl,
  parseTrustedProxies,
  parseWebUrl,
} from './addresses.ts'
import { type DatabaseEngine, parseDatabaseUrl, parseEngine } from './database-url.ts'
import { EMAIL_BACKENDS, parseEmailBackend, parseSender } from './email.ts'
import { parseKey, parsePrivateKey } from './pem-key.ts'
import { boolean, duration, integer, list, oneOf, optional, secret, setting, text } from './setting.ts'
import type { CookieSameSite } from './settings.ts'

/** What stands for a secret while `DEBUG` is on. Without `DEBUG` it is refused. */
export const DEVELOPMENT_SECRET = 'development-only-secret-that-is-refused-without-debug'

function parseSameSite(value: string): CookieSameSite | undefined {
  const sameSite = value.toLowerCase()
  return sameSite === 'lax' || sameSite === 'strict' || sameSite === 'none' ? sameSite : undefined
}

const DAY_MS = 86_400_000
const ORIGIN = 'origins such as https://app.example.com, between commas, without a path'

/** Every name that the environment may set. `docs/reference/settings.md` is held equal to it. */
export const SETTINGS = {
  DEBUG: boolean({
    default: false,
    help: 'Development mode: the defaults make a start without any setting work, and weak secrets pass.',
  }),
  SECRET_KEY: secret({
    default: '',
    defaultText: 'a fixed one with `DEBUG`; required without',
    wanted: 'at least 50 random characters',
    help: 'Seals what is kept encrypted, and signs what the backend hands out and takes back, other than tokens.',
  }),
  SECRET_KEY_FALLBACKS: list((value) => (value.length >= 50 ? value : undefined), {
    default: [],
    wanted: 'former secrets of at least 50 characters, between commas',
    isSecret: true,
    help: 'Former values of `SECRET_KEY`: what they sealed can still be opened.',
  }),
  JWT_SECRET_KEY: secret({
    default: '',
    defaultText: 'a fixed one with `DEBUG`; required without',
    wanted: 'at least 50 random characters',
    help: 'Signs refresh tokens, and access tokens too where `JWT_ALGORITHM` is `HS256`.',
  }),
  JWT_SECRET_KEY_FALLBACKS: list((value) => value, {
    default: [],
    wanted: 'other secrets of at least 50 random characters, between commas',
    isSecret: true,
    help: 'Former values of `JWT_SECRET_KEY`, and the next one while it is brought to every process: tokens that they signed are still taken.',
  }),
  JWT_ALGORITHM: oneOf(['HS256', 'EdDSA', 'ES256'], {
    default: 'HS256',
    wanted: 'HS256, EdDSA, ES256',
    help: 'What access tokens are signed by. With `EdDSA` (Ed25519) and `ES256` (P-256) other services verify them by the public keys at `/.well-known/jwks.json`.',
  }),
  JWT_PRIVATE_KEY: optional(parsePrivateKey, {
    wanted:
      'an Ed25519 or P-256 private key in PEM, with \\n for its line breaks, or the path of a file that holds one',
    isSecret: true,
    help: 'Signs access tokens by `EdDSA` or `ES256`: a key in PEM, with `\\n` for its line breaks, or the path of its file.',
  }),
  JWT_PRIVATE_KEY_FALLBACKS: list(parseKey, {
    default: [],
    wanted: 'Ed25519 or P-256 keys as for JWT_PRIVATE_KEY, private or public, between commas',
    isSecret: true,
    help: 'Former private keys or their public halves, and the next one while it is brought to every process: access tokens that they signed are still taken.',
  }),
  ALLOWED_HOSTS: list(parseAllowedHost, {
    default: [],
    defaultText: 'this machine with `DEBUG`; required without',
    wanted: 'host names between commas, such as api.example.com,.example.org, or *',
    help: 'The `Host` headers that are answered. `.example.com` means the domain and its subdomains.',
  }),
  HOST: text({ default: '127.0.0.1', help: 'The address that the server listens on.' }),
  PORT: integer({
    default: 8000,
    min: 0,
    max: 65_535,
    help: 'The port that the server listens on; 0 takes a free one.',
  }),

  DATABASE_URL: optional(parseDatabaseUrl, {
    wanted:
      'postgresql://user:password@host:5432/name, mysql://…, sqlite:///path or sqlite:////absolute/path, without parameters',
    isSecret: true,
    help: 'Where the database is, in one value. It stands above every `DB_` name but those of the pool.',
  }),
  DB_ENGINE: setting<DatabaseEngine>(parseEngine, {
    default: 'sqlite',
    wanted: "sqlite, postgresql or mysql (or Django's django.db.backends.…)",
    help: 'Which database. MariaDB is `mysql`.',
  }),
  DB_NAME: text({
    default: '',
    defaultText: '`var/db.sqlite3` on SQLite; required elsewhere',
    wanted: "the database's name",
    help: "The database's name; on SQLite the path of its file.",
  }),
  DB_USER: text({ default: '', defaultText: 'unset', help: 'The user of the database.' }),
  DB_PASSWORD: secret({ default: '', defaultText: 'unset', help: 'The password of the database user.' }),
  DB_HOST: text({
    default: '',
    defaultText: "the driver's, this machine",
    help: 'The host, or the directory of a PostgreSQL socket.',
  }),
  DB_PORT: optional((value) => (/^\d{1,5}$/.test(value) && Number(value) <= 65_535 ? Number(value) : undefined), {
    defaultText: '5432 on PostgreSQL, 3306 on MySQL',
    wanted: 'a port number',
    help: 'The port of the database.',
  }),
  DB_POOL_SIZE: integer({
    default: 10,
    min: 1,
    max: 1000,
    help: 'Connections to PostgreSQL or MySQL, at the most, for each process.',
  }),
  DB_POOL_TIMEOUT_MS: integer({
    default: 1000,
    min: 10,
    max: 60_000,
    help: 'How long a request waits for a connection to come free, in milliseconds. Then it is answered 503.',
  }),
  DB_RLS: boolean({
    default: true,
    help: 'Row-level security: PostgreSQL itself keeps the rows of businesses apart, and the server does not start as a role that it does not bind. The other databases have none.',
  }),
  REDIS_URL: optional(parseRedisUrl, {
    wanted: 'redis://host:6379/0 or rediss://…',
    isSecret: true,
    help: 'Shares cache and revocations between processes. Unset: each process keeps its own in memory.',
  }),

  ACCESS_TOKEN_LIFETIME: duration({
    default: 30 * DAY_MS,
    defaultText: '`30d`',
    help: 'How long an access token lasts.',
  }),
  REFRESH_TOKEN_LIFETIME: duration({
    default: 60 * DAY_MS,
    defaultText: '`60d`',
    help: 'How long a refresh token lasts.',
  }),
  SESSION_LIFETIME: duration({
    default: 365 * DAY_MS,
    defaultText: '`365d`',
    help: 'How long a session goes on, however often it is refreshed, after its user has last proved who they are.',
  }),
  REFRESH_GRACE_SECONDS: integer({
    default: 30,
    min: 0,
    max: 300,
    help: 'For how long a client that lost the answer to a refresh may bring its old token again, in seconds, if nobody has used the new ones. 0: not at all.',
  }),

  LOCKOUT_FAILURES: integer({
    default: 5,
    min: 1,
    max: 1000,
    help: 'Wrong guesses after which an account is locked: at its password, at a code, at anything that proves who somebody is.',
  }),
  LOCKOUT_ADDRESS_FAILURES: integer({
    default: 50,
    min: 1,
    max: 100_000,
    help: 'Wrong guesses after which an address (of IPv6, its /64) may make none for a while, at whatever accounts.',
  }),
  LOCKOUT_WINDOW: duration({
    default: 900_000,
    defaultText: '`15m`',
    help: 'How long wrong guesses count. At an account, from the last of them.',
  }),
  LOCKOUT_TIME: duration({
    default: 900_000,
    defaultText: '`15m`',
    help: 'How long the first lock lasts. Each that follows lasts twice as long.',
  }),
  LOCKOUT_LONGEST_TIME: duration({
    default: DAY_MS,
    defaultText: '`1d`',
    help: 'How long a lock lasts at the most. An address is never locked for more than an hour.',
  }),
  EMAIL_LIMIT: integer({
    default: 5,
    min: 1,
    max: 1000,
    help: 'E-mails in an hour that anybody may have sent to one recipient: links to verify, to reset, and the like.',
  }),
  EMAIL_LIMIT_ADDRESS: integer({
    default: 50,
    min: 1,
    max: 100_000,
    help: 'E-mails in an hour that may be asked for from one address (of IPv6, its /64).',
  }),

  API_CASE: oneOf(['snake'], {
    default: 'snake',
    wanted: 'snake (camel is not supported in this version)',
    help: 'The case of names on the wire.',
  }),
  PAGE_SIZE: integer({ default: 50, min: 1, max: 10_000, help: 'Rows on a page when the request names no number.' }),
  MAX_PAGE_SIZE: integer({ default: 200, min: 1, max: 10_000, help: 'Rows on a page, at the most.' }),
  BODY_LIMIT: integer({
    default: 2_621_440,
    min: 1024,
    max: 1_073_741_824,
    help: 'The largest request body, in bytes.',
  }),
  TRUST_PROXY: optional(parseTrustedProxies, {
    wanted: 'how many proxies stand before the server, or their addresses between commas',
    help: 'Whose `X-Forwarded-*` headers are believed: a count, addresses, networks, or `loopback`, `linklocal`, `uniquelocal`.',
  }),
  CORS_ALLOW_ALL_ORIGINS: boolean({
    default: false,
    help: 'Lets pages of every origin call the API, without cookies.',
  }),
  CORS_ALLOWED_ORIGINS: list(parseOrigin, {
    default: [],
    wanted: ORIGIN,
    help: 'The origins whose pages may call the API, with credentials.',
  }),
  CSRF_TRUSTED_ORIGINS: list(parseOriginPattern, {
    default: [],
    wanted: `${ORIGIN}; https://*.example.com for subdomains`,
    help: 'The origins that may send requests carrying a cookie.',
  }),
  SESSION_COOKIE_SAMESITE: setting<CookieSameSite>(parseSameSite, {
    default: 'lax',
    defaultText: '`Lax`',
    wanted: 'Lax, Strict or None',
    help: 'When browsers send the cookies of a session along. `None` only where the pages stand on another site.',
  }),
  FRONTEND_URL: optional(parseWebUrl, { wanted: 'an http or https address', help: 'Where links in e-mails lead.' }),

  WEBAUTHN_RP_ID: setting(parseHostName, {
    default: '',
    defaultText: 'the host of `FRONTEND_URL`; without, the first of `ALLOWED_HOSTS`; with `DEBUG` `localhost`',
    wanted: 'a domain such as example.com',
    help: 'The domain that passkeys belong to: they work on it and below it. With another, all that were made are worth nothing.',
  }),
  WEBAUTHN_RP_NAME: text({
    default: '',
    defaultText: '`SITE_NAME`',
    help: 'What browsers call the site when they ask for a passkey.',
  }),
  WEBAUTHN_ORIGINS: list(parseOriginPattern, {
    default: [],
    defaultText:
      'those of `FRONTEND_URL`, `CORS_ALLOWED_ORIGINS` and `CSRF_TRUSTED_ORIGINS` on the domain; with `DEBUG` every port of `localhost`',
    wanted: `${ORIGIN}; https://*.example.com for subdomains`,
    help: 'The origins whose pages may make and use passkeys.',
  }),

  EMAIL_BACKEND: optional(parseEmailBackend, {
    defaultText: '`console` with `DEBUG` and without `EMAIL_HOST`; else `smtp`',
    wanted: `${EMAIL_BACKENDS.join(', ')} (or Django's django.core.mail.backends.…)`,
    help: 'What becomes of e-mails: they are sent, shown on the standard output, written to files, kept in memory (for tests) or dropped.',
  }),
  EMAIL_HOST: text({
    default: '',
    defaultText: 'unset',
    help: 'The SMTP server. As long as there is none, e-mails wait in the outbox.',
  }),
  EMAIL_PORT: integer({ default: 25, min: 1, max: 65_535, help: 'The port of the SMTP server.' }),
  EMAIL_HOST_USER: text({ default: '', defaultText: 'unset', help: 'The user of the SMTP server.' }),
  EMAIL_HOST_PASSWORD: secret({ default: '', defaultText: 'unset', help: 'The password of the SMTP user.' }),
  EMAIL_USE_TLS: boolean({
    default: false,
    help: 'Turns the SMTP connection to TLS before signing in (STARTTLS, usually port 587), and sends nothing if that fails.',
  }),
  EMAIL_USE_SSL: boolean({
    default: false,
    help: 'TLS from the first byte of the SMTP connection (usually port 465).',
  }),
  EMAIL_TIMEOUT: integer({
    default: 10,
    min: 1,
    max: 60,
    help: 'How long each step of SMTP may take, in seconds; a message as a whole may take four times as long.',
  }),
  EMAIL_FILE_PATH: text({
    default: 'var/mail',
    help: 'The folder that the `file` backend writes to, beside `manage.ts`.',
  }),
  DEFAULT_FROM_EMAIL: setting(parseSender, {
    default: 'webmaster@localhost',
    wanted: 'an address, such as no-reply@example.com or Acme <no-reply@example.com>',
    help: 'From whom e-mails are.',
  }),
  SITE_NAME: text({ default: 'Bailiwick', help: 'How e-mails call the site.' }),

  REGISTRATION_OPEN: boolean({
    default: true,
    help: 'Whether anybody may register. Off: accounts are made by invitation, or by hand.',
  }),

  SECURITY_LOG_DAYS: integer({
    default: 365,
    min: 1,
    max: 36_500,
    help: 'How many days the security log is kept, before `flushexpiredtokens` removes what is older.',
  }),

  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
    help: 'The least severe line that is logged. Each request is one line of `info`.',
  }),
  SLOW_QUERY_MS: integer({
    default: 200,
    min: 0,
    max: 3_600_000,
    help: 'Statements of a request that take at least this long, in milliseconds, are logged as a warning. 0: none is.',
  }),
} as const
