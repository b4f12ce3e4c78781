import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readSettings, SettingsError } from './index.ts'

const SECRET = 'k8Zq2vN5xR7tY1uI4oP6aS9dF3gH0jK8lZ2xC5vB7nM1qW4eR6'
const PRODUCTION = {
  SECRET_KEY: SECRET,
  JWT_SECRET_KEY: SECRET,
  ALLOWED_HOSTS: 'api.example.com',
  EMAIL_BACKEND: 'dummy',
}
const passkeysOf = (env: Record<string, string>) => readSettings(env).passkeys

describe('the settings of passkeys', () => {
  it('follow from the address of the frontend', () => {
    assert.deepEqual(passkeysOf({ ...PRODUCTION, FRONTEND_URL: 'https://app.example.com:8443/x' }), {
      rpId: 'app.example.com',
      rpName: 'Bailiwick',
      origins: ['https://app.example.com:8443'],
    })
  })

  it('follow from the first host that has a name where there is no frontend', () => {
    const hosts = { ...PRODUCTION, ALLOWED_HOSTS: '[::1],*,10.0.0.1,.example.com' }
    assert.deepEqual(passkeysOf(hosts).origins, ['https://example.com'])
    assert.equal(passkeysOf({ ...PRODUCTION, ALLOWED_HOSTS: '*' }).rpId, 'localhost')
  })

  it('take every port of this machine while developing, and only then', () => {
    assert.deepEqual(passkeysOf({ DEBUG: '1' }).origins, ['https://localhost', 'http://localhost:*'])
    const local = { ...PRODUCTION, FRONTEND_URL: 'http://localhost:3000' }
    assert.deepEqual(passkeysOf(local).origins, ['http://localhost:3000'])
    assert.equal(passkeysOf({ DEBUG: '1', FRONTEND_URL: 'http://127.0.0.1:3000' }).rpId, 'localhost')
  })

  it('take of the trusted origins those on the domain, by https', () => {
    const { origins } = passkeysOf({
      ...PRODUCTION,
      WEBAUTHN_RP_ID: 'Example.com',
      FRONTEND_URL: 'https://app.example.com',
      CORS_ALLOWED_ORIGINS: 'https://www.example.com,https://example.org,https://evilexample.com',
      CSRF_TRUSTED_ORIGINS: 'https://*.example.com,http://old.example.com',
    })
    assert.deepEqual(origins, ['https://app.example.com', 'https://www.example.com', 'https://*.example.com'])
  })

  it('are refused at the start where no browser would take them', () => {
    const wrong = { ...PRODUCTION, WEBAUTHN_RP_ID: 'example.com', WEBAUTHN_ORIGINS: 'https://example.org' }
    assert.throws(
      () => readSettings(wrong),
      (error: unknown) => {
        assert.ok(error instanceof SettingsError)
        assert.match(
          error.message,
          /^WEBAUTHN_ORIGINS: got https:\/\/example\.org, wanted https origins on example\.com/,
        )
        return true
      },
    )
    assert.throws(() => readSettings({ ...wrong, WEBAUTHN_ORIGINS: 'http://example.com' }), SettingsError)
    assert.throws(() => readSettings({ DEBUG: '1', WEBAUTHN_RP_ID: '10.0.0.1' }), SettingsError)
  })
})
