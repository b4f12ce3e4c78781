import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { describe, it } from 'node:test'
import { calculateJwkThumbprint, createLocalJWKSet, jwtVerify } from 'jose'
import { newId } from '../../base/index.ts'
import { DAY_MS, SECRET, TestClock } from '../tests/project.ts'
import { publicKeysOf, type TokenKeySettings, tokenKeys } from './token-keys.ts'
import { Tokens } from './tokens.ts'

const SUBJECT = { userId: newId(), sessionId: newId(), business: newId() }
const REFUSED = { name: 'ApiError', code: 'token_not_valid', status: 401 }
const OTHER_SECRET = `other-${SECRET}`

const PLAIN: TokenKeySettings = {
  algorithm: 'HS256',
  secret: SECRET,
  secretFallbacks: [],
  privateKey: null,
  privateKeyFallbacks: [],
}

const PEM = { type: 'pkcs8', format: 'pem' } as const
const edKey = () => generateKeyPairSync('ed25519').privateKey.export(PEM).toString()
const ecKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(PEM).toString()

function makeTokens(settings: Partial<TokenKeySettings> = {}) {
  const keys = tokenKeys({ ...PLAIN, ...settings })
  const clock = new TestClock()
  const tokens = new Tokens({ keys, clock, accessLifetimeMs: DAY_MS, refreshLifetimeMs: DAY_MS })
  return { tokens, clock, jwks: { keys: publicKeysOf(keys) } }
}

const headerOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())

describe('the keys of tokens', () => {
  for (const [algorithm, makeKey] of [
    ['EdDSA', edKey],
    ['ES256', ecKey],
  ] as const) {
    it(`${algorithm}: others verify access tokens by the public keys alone`, async () => {
      const { tokens, jwks, clock } = makeTokens({ algorithm, privateKey: makeKey() })
      const { access, refresh } = await tokens.issue(SUBJECT)
      assert.equal((await tokens.verifyAccess(access)).userId, SUBJECT.userId)
      const options = { issuer: 'bailiwick', audience: 'api', typ: 'at+jwt', currentDate: new Date(clock.now()) }
      const { payload } = await jwtVerify(access, createLocalJWKSet(jwks), options)
      assert.equal(payload.sid, SUBJECT.sessionId)
      const [jwk] = jwks.keys
      assert.ok(jwk)
      assert.deepEqual(headerOf(access), { alg: algorithm, typ: 'at+jwt', kid: jwk.kid })
      assert.equal(jwk.kid, await calculateJwkThumbprint(jwk))
      assert.equal(JSON.stringify(jwks).includes('"d"'), false)
      // Nobody else has to read a refresh token, so it needs no public key.
      assert.equal(headerOf(refresh).alg, 'HS256')
      assert.equal((await tokens.verifyRefresh(refresh)).userId, SUBJECT.userId)
    })

    it(`${algorithm}: a former key, or its public half alone, is still taken, and published`, async () => {
      const [former, present] = [makeKey(), makeKey()]
      const before = makeTokens({ algorithm, privateKey: former })
      const { access } = await before.tokens.issue(SUBJECT)
      const half = tokenKeys({ ...PLAIN, algorithm, privateKey: former }).access[0].verifying
      for (const fallback of [former, half.export({ type: 'spki', format: 'pem' }).toString()]) {
        const after = makeTokens({ algorithm, privateKey: present, privateKeyFallbacks: [fallback] })
        await after.tokens.verifyAccess(access)
        assert.equal(after.jwks.keys.length, 2)
        assert.deepEqual(after.jwks.keys[1], before.jwks.keys[0])
        const { kid } = headerOf((await after.tokens.issue(SUBJECT)).access)
        assert.equal(kid, after.jwks.keys[0]?.kid)
      }
      await assert.rejects(makeTokens({ algorithm, privateKey: present }).tokens.verifyAccess(access), REFUSED)
    })
  }

  it('of one algorithm may follow on those of another', async () => {
    const [ed, ec] = [edKey(), ecKey()]
    const old = await makeTokens({ algorithm: 'EdDSA', privateKey: ed }).tokens.issue(SUBJECT)
    const present = { algorithm: 'ES256', privateKey: ec } as const
    await makeTokens({ ...present, privateKeyFallbacks: [ed] }).tokens.verifyAccess(old.access)
    await makeTokens({ privateKeyFallbacks: [ed] }).tokens.verifyAccess(old.access)
    await assert.rejects(makeTokens(present).tokens.verifyAccess(old.access), REFUSED)
  })

  it('former secrets are taken as long as they are named', async () => {
    const { access, refresh } = await makeTokens({ secret: OTHER_SECRET }).tokens.issue(SUBJECT)
    const { tokens } = makeTokens({ secretFallbacks: [OTHER_SECRET] })
    await tokens.verifyAccess(access)
    await tokens.verifyRefresh(refresh)
    await assert.rejects(makeTokens().tokens.verifyAccess(access), REFUSED)
    await assert.rejects(makeTokens().tokens.verifyRefresh(refresh), REFUSED)
    assert.notEqual(headerOf(access).kid, headerOf((await tokens.issue(SUBJECT)).access).kid)
  })

  it('a secret signs no access token beside a private key, unless it is named as a fallback', async () => {
    const { access } = await makeTokens().tokens.issue(SUBJECT)
    const present = { algorithm: 'EdDSA', privateKey: edKey() } as const
    await assert.rejects(makeTokens(present).tokens.verifyAccess(access), REFUSED)
    await makeTokens({ ...present, secretFallbacks: [SECRET] }).tokens.verifyAccess(access)
  })

  it('tokens from before keys had names are taken if a secret that is named signed them', async () => {
    const { tokens, clock } = makeTokens({ secretFallbacks: [OTHER_SECRET] })
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const iat = clock.now() / 1000
    const { userId: sub, sessionId: sid, business: biz } = SUBJECT
    const claims = {
      token_type: 'access',
      sid,
      biz,
      sub,
      iss: 'bailiwick',
      aud: 'api',
      iat,
      exp: iat + 60,
      jti: newId(),
    }
    const text = `${part({ alg: 'HS256', typ: 'at+jwt' })}.${part(claims)}`
    const signed = (secret: string) => `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
    for (const secret of [SECRET, OTHER_SECRET]) {
      assert.equal((await tokens.verifyAccess(signed(secret))).generation, 0)
    }
    await assert.rejects(tokens.verifyAccess(signed(`${SECRET}x`)), REFUSED)
  })

  it('the names of secrets tell nothing of them, and there is no public key of theirs', async () => {
    const { tokens, jwks } = makeTokens()
    const { kid } = headerOf((await tokens.issue(SUBJECT)).access)
    assert.match(kid, /^[\w-]{16}$/)
    assert.deepEqual(jwks, { keys: [] })
  })

  it('an algorithm without its key stops the start', () => {
    assert.throws(() => tokenKeys({ ...PLAIN, algorithm: 'EdDSA' }), TypeError)
    assert.throws(() => tokenKeys({ ...PLAIN, algorithm: 'ES256', privateKey: edKey() }), TypeError)
  })
})
