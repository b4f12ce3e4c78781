import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readSettings, SettingsError } from './index.ts'

const STRONG = 'k8Zq2vN5xR7tY1uI4oP6aS9dF3gH0jK8lZ2xC5vB7nM1qW4eR6'
const PRODUCTION = {
  SECRET_KEY: STRONG,
  JWT_SECRET_KEY: [...STRONG].reverse().join(''),
  ALLOWED_HOSTS: 'api.example.com',
  EMAIL_HOST: 'smtp.example.com',
}

function messageOf(env: Record<string, string>): string {
  try {
    readSettings(env)
  } catch (error) {
    assert.ok(error instanceof SettingsError)
    return error.message
  }
  return assert.fail('the environment was accepted')
}

describe('readSettings', () => {
  it('needs nothing but DEBUG to make a start work', () => {
    const settings = readSettings({ DEBUG: 'true' })
    assert.deepEqual(settings.database, {
      dialect: 'sqlite',
      name: 'var/db.sqlite3',
      poolSize: 10,
      poolTimeoutMs: 1000,
    })
    assert.deepEqual(settings.http.allowedHosts, ['localhost', '.localhost', '127.0.0.1', '[::1]'])
    assert.deepEqual(settings.tokens, {
      accessLifetimeMs: 30 * 86_400_000,
      refreshLifetimeMs: 60 * 86_400_000,
      sessionLifetimeMs: 31_536_000_000,
      refreshGraceMs: 30_000,
      algorithm: 'HS256',
    })
    assert.deepEqual(settings.api, { case: 'snake', pageSize: 50, maxPageSize: 200 })
    assert.equal(settings.http.port, 8000)
    assert.equal(settings.http.bodyLimit, 2_621_440)
    assert.equal(settings.redisUrl, null)
    assert.ok(settings.secrets.jwt.length >= 50)
  })

  it('names every bad value at once, each on its own line', () => {
    const message = messageOf({ ...PRODUCTION, PORT: 'abc', DEBUG: 'maybe', ACCESS_TOKEN_LIFETIME: '30 days' })
    assert.deepEqual(message.split('\n'), [
      'DEBUG: got "maybe", wanted true or false',
      'PORT: got "abc", wanted a whole number from 0 to 65535',
      'ACCESS_TOKEN_LIFETIME: got "30 days", wanted a time span such as 30d, 12h, 15m or 3600 (seconds)',
    ])
  })

  it('refuses missing, short and monotonous secrets without DEBUG, and never shows them', () => {
    assert.match(messageOf({ ALLOWED_HOSTS: '*' }), /^SECRET_KEY: got nothing, .*\nJWT_SECRET_KEY: got nothing/)
    for (const weak of ['hunter2-short', 'ab'.repeat(40), `django-insecure-${STRONG}`, `change-me-${STRONG}`]) {
      const message = messageOf({ ...PRODUCTION, SECRET_KEY: weak })
      assert.match(message, /^SECRET_KEY: got a weak secret, wanted at least 50 characters/)
      assert.ok(!message.includes(weak))
    }
  })

  it('refuses the development secret without DEBUG', () => {
    const { secrets } = readSettings({ DEBUG: 'true' })
    assert.match(messageOf({ ...PRODUCTION, JWT_SECRET_KEY: secrets.jwt }), /^JWT_SECRET_KEY: got a weak secret/)
  })

  it('does not show the password of a malformed address', () => {
    const message = messageOf({ ...PRODUCTION, DATABASE_URL: 'oracle://u:hunter2@h/x', REDIS_URL: 'http://:hunter2@h' })
    assert.match(message, /^DATABASE_URL: wanted .*\nREDIS_URL: wanted /)
    assert.ok(!message.includes('hunter2'))
  })

  it('requires ALLOWED_HOSTS without DEBUG', () => {
    assert.match(messageOf({ ...PRODUCTION, ALLOWED_HOSTS: ' ' }), /^ALLOWED_HOSTS: got nothing, wanted host names/)
  })

  it('refuses API_CASE=camel rather than ignore it', () => {
    assert.equal(
      messageOf({ DEBUG: '1', API_CASE: 'camel' }),
      'API_CASE: got "camel", wanted snake (camel is not supported in this version)',
    )
  })

  it("takes Django's dotted engine names", () => {
    const env = { DEBUG: '1', DB_NAME: 'crm', DB_USER: 'app', DB_PASSWORD: 'p', DB_HOST: 'db', DB_PORT: '5433' }
    assert.deepEqual(readSettings({ ...env, DB_ENGINE: 'django.db.backends.postgresql' }).database, {
      dialect: 'postgresql',
      name: 'crm',
      user: 'app',
      password: 'p',
      host: 'db',
      port: 5433,
      poolSize: 10,
      poolTimeoutMs: 1000,
    })
    assert.equal(readSettings({ ...env, DB_ENGINE: 'django.db.backends.mysql' }).database.dialect, 'mysql')
    assert.equal(readSettings({ ...env, DB_ENGINE: 'django.db.backends.sqlite3' }).database.name, 'crm')
  })

  it('requires DB_NAME on a database server', () => {
    assert.match(messageOf({ DEBUG: '1', DB_ENGINE: 'mysql' }), /^DB_NAME: got nothing, .* as DB_ENGINE is mysql$/)
  })

  it('reads DATABASE_URL, which stands above the DB_ names', () => {
    const read = (url: string) =>
      readSettings({ DEBUG: '1', DATABASE_URL: url, DB_NAME: 'other', DB_POOL_SIZE: '5' }).database
    assert.deepEqual(read('postgresql://app:p%40ss@db.local:5433/crm'), {
      dialect: 'postgresql',
      name: 'crm',
      host: 'db.local',
      port: 5433,
      user: 'app',
      password: 'p@ss',
      poolSize: 5,
      poolTimeoutMs: 1000,
    })
    assert.deepEqual(read('mysql://root@127.0.0.1/test'), {
      dialect: 'mysql',
      name: 'test',
      host: '127.0.0.1',
      user: 'root',
      poolSize: 5,
      poolTimeoutMs: 1000,
    })
    assert.equal(read('sqlite:///var/a.sqlite3').name, 'var/a.sqlite3')
    assert.equal(read('sqlite:////srv/a.sqlite3').name, '/srv/a.sqlite3')
    assert.throws(() => read('sqlite://:memory:'), SettingsError)
    assert.throws(() => read('postgresql://db/crm?sslmode=require'), SettingsError)
  })

  it('reads durations with a unit or in plain seconds', () => {
    const read = (value: string) =>
      readSettings({ DEBUG: '1', ACCESS_TOKEN_LIFETIME: value }).tokens.accessLifetimeMs / 1000
    assert.deepEqual(['2d', '12h', '15m', '90s', '90'].map(read), [172_800, 43_200, 900, 90, 90])
    for (const bad of ['0', '-5m', '1.5h', '99999d', 'soon']) assert.throws(() => read(bad), SettingsError)
  })

  it('refuses values that contradict each other', () => {
    const message = messageOf({ DEBUG: '1', PAGE_SIZE: '300', REFRESH_TOKEN_LIFETIME: '1d', SESSION_LIFETIME: '1h' })
    assert.deepEqual(message.split('\n'), [
      'PAGE_SIZE: got 300, wanted at most MAX_PAGE_SIZE, which is 200',
      'REFRESH_TOKEN_LIFETIME: got 86400s, wanted at least ACCESS_TOKEN_LIFETIME',
      'SESSION_LIFETIME: got 3600s, wanted at least REFRESH_TOKEN_LIFETIME',
    ])
  })

  it('reads hosts, origins and proxies, and refuses what is none', () => {
    const { http } = readSettings({
      DEBUG: '1',
      ALLOWED_HOSTS: 'API.example.com, .example.org,[::1],*',
      CORS_ALLOWED_ORIGINS: 'https://app.example.com,http://localhost:5173/',
      CSRF_TRUSTED_ORIGINS: 'https://*.example.com',
      TRUST_PROXY: '10.0.0.0/8, loopback',
    })
    assert.deepEqual(http.allowedHosts.slice(0, 4), ['api.example.com', '.example.org', '[::1]', '*'])
    assert.deepEqual(http.cors.allowedOrigins, ['https://app.example.com', 'http://localhost:5173'])
    assert.deepEqual(http.csrfTrustedOrigins, ['https://*.example.com'])
    assert.deepEqual(http.trustProxy, ['10.0.0.0/8', 'loopback'])
    assert.equal(readSettings({ DEBUG: '1', TRUST_PROXY: '1' }).http.trustProxy, 1)
    const bad = {
      ALLOWED_HOSTS: 'https://x',
      CORS_ALLOWED_ORIGINS: 'https://x/y',
      CSRF_TRUSTED_ORIGINS: 'x',
      TRUST_PROXY: 'all',
    }
    assert.equal(messageOf({ DEBUG: '1', ...bad }).split('\n').length, 4)
  })

  it('is frozen all the way down', () => {
    const settings = readSettings({ DEBUG: '1' })
    assert.ok(Object.isFrozen(settings) && Object.isFrozen(settings.http.cors.allowedOrigins))
  })
})
