import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { describe, it } from 'node:test'
import { SignJWT } from 'jose'
import { newId } from '../../base/index.ts'
import { DAY_MS, SECRET, TestClock } from '../tests/project.ts'
import { tokenKeys } from './token-keys.ts'
import { Tokens } from './tokens.ts'

const SUBJECT = { userId: newId(), sessionId: newId(), business: newId() }
const REFUSED = { name: 'ApiError', code: 'token_not_valid', status: 401 }

const PLAIN = { algorithm: 'HS256', secretFallbacks: [], privateKey: null, privateKeyFallbacks: [] } as const

type Options = Partial<ConstructorParameters<typeof Tokens>[0]> & { readonly secret?: string }

function makeTokens(clock = new TestClock(), { secret = SECRET, ...options }: Options = {}): Tokens {
  const keys = tokenKeys({ ...PLAIN, secret })
  return new Tokens({ keys, accessLifetimeMs: DAY_MS, refreshLifetimeMs: 2 * DAY_MS, clock, ...options })
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = (part: string | undefined): Record<string, unknown> =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString())

/** Signs anything at all with the right key, as a thief of nothing but the format could not. */
function signed(header: unknown, claims: unknown, secret = SECRET): string {
  const text = `${encode(header)}.${encode(claims)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

describe('tokens', () => {
  it('say whose session they are of, and in which business', async () => {
    const clock = new TestClock()
    const tokens = makeTokens(clock)
    const { access, refresh } = await tokens.issue(SUBJECT)
    const expected = { ...SUBJECT, generation: 0 }
    assert.deepEqual(await tokens.verifyAccess(access), { ...expected, expiresAtMs: clock.now() + DAY_MS })
    assert.deepEqual(await tokens.verifyRefresh(refresh), { ...expected, expiresAtMs: clock.now() + 2 * DAY_MS })
    const outside = await tokens.issue({ ...SUBJECT, business: null })
    assert.equal((await tokens.verifyAccess(outside.access)).business, null)
  })

  it('outlive neither their lifetime nor the session', async () => {
    const clock = new TestClock()
    const tokens = makeTokens(clock)
    const endsAtMs = clock.now() + 3_600_000
    const { access, refresh } = await tokens.issue(SUBJECT, { endsAtMs, generation: 3 })
    const claims = await Promise.all([tokens.verifyAccess(access), tokens.verifyRefresh(refresh)])
    for (const claim of claims) assert.deepEqual(claim, { ...SUBJECT, generation: 3, expiresAtMs: endsAtMs })
  })

  it('are never the same twice', async () => {
    const tokens = makeTokens()
    const [first, second] = await Promise.all([tokens.issue(SUBJECT), tokens.issue(SUBJECT)])
    assert.equal(new Set([first.access, first.refresh, second.access, second.refresh]).size, 4)
  })

  it('run out, also when they were verified before', async () => {
    const clock = new TestClock()
    const tokens = makeTokens(clock)
    const { access, refresh } = await tokens.issue(SUBJECT)
    clock.advance(DAY_MS - 1000)
    await tokens.verifyAccess(access)
    clock.advance(1000)
    await assert.rejects(tokens.verifyAccess(access), REFUSED)
    await assert.rejects(makeTokens(clock).verifyAccess(access), REFUSED)
    await tokens.verifyRefresh(refresh)
    clock.advance(DAY_MS)
    await assert.rejects(tokens.verifyRefresh(refresh), REFUSED)
  })

  it('of one kind do not pass for the other', async () => {
    const tokens = makeTokens()
    const { access, refresh } = await tokens.issue(SUBJECT)
    await assert.rejects(tokens.verifyAccess(refresh), REFUSED)
    await assert.rejects(tokens.verifyRefresh(access), REFUSED)
  })

  it('of another issuer, for another audience or by another key are refused', async () => {
    const tokens = makeTokens()
    for (const other of [{ issuer: 'else' }, { audience: 'else' }, { secret: `${SECRET}x` }]) {
      const { access } = await makeTokens(new TestClock(), other).issue(SUBJECT)
      await assert.rejects(tokens.verifyAccess(access), REFUSED)
    }
  })

  it('are refused when unsigned, or signed by another algorithm', async () => {
    const tokens = makeTokens()
    const { access } = await tokens.issue(SUBJECT)
    const [head, body, signature] = access.split('.')
    const header = decode(head)
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '', 'HS384', 'HS512', 'RS256', 'ES256', null, undefined, 0]) {
      const other = encode({ ...header, alg })
      for (const end of ['', signature, 'A'.repeat(43)]) {
        await assert.rejects(tokens.verifyAccess(`${other}.${body}.${end}`), REFUSED)
      }
      await assert.rejects(tokens.verifyAccess(signed({ ...header, alg }, decode(body))), REFUSED)
    }
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const asymmetric = await new SignJWT(decode(body))
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt' })
      .sign(privateKey)
    await assert.rejects(tokens.verifyAccess(asymmetric), REFUSED)
  })

  it('are refused with claims that are missing or of another kind, even when signed', async () => {
    const tokens = makeTokens()
    const { access } = await tokens.issue(SUBJECT)
    const [head, body] = access.split('.')
    const [header, claims] = [decode(head), decode(body)]
    await tokens.verifyAccess(signed(header, claims))
    for (const name of ['sub', 'sid', 'jti', 'iat', 'exp', 'iss', 'aud', 'token_type']) {
      for (const value of [undefined, null, '', 'x', {}, [], true]) {
        if (name === 'jti' && value !== undefined) continue
        await assert.rejects(tokens.verifyAccess(signed(header, { ...claims, [name]: value })), REFUSED, name)
      }
    }
    for (const biz of [null, '', 'x', {}, 5]) {
      await assert.rejects(tokens.verifyAccess(signed(header, { ...claims, biz })), REFUSED)
    }
    for (const payload of [null, [], 'text', 5, []]) {
      await assert.rejects(tokens.verifyAccess(signed(header, payload)), REFUSED)
    }
    for (const change of [{ typ: 'JWT' }, { typ: undefined }, { crit: ['x'] }, { b64: false, crit: ['b64'] }]) {
      await assert.rejects(tokens.verifyAccess(signed({ ...header, ...change }, claims)), REFUSED)
    }
  })

  it('have one spelling: nothing may be added, cut or changed', async () => {
    const tokens = makeTokens()
    const { access } = await tokens.issue(SUBJECT)
    const [head, body, signature = ''] = access.split('.')
    const last = signature.slice(-1)
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const twins = [...alphabet].filter((letter) => letter !== last)
    const wrong = [
      ...twins.map((letter) => `${head}.${body}.${signature.slice(0, -1)}${letter}`),
      ...['=', 'A', '.', ' ', '\n', '%00', '\u0000', '.A', '..'].map((tail) => access + tail),
      ...[
        '',
        '.',
        '..',
        '...',
        'x',
        'null',
        ' ',
        head ?? '',
        `${head}.${body}`,
        `${head}.${body}.`,
        `.${body}.${signature}`,
      ],
      access.slice(1),
      access.slice(0, -1),
      `${head}=.${body}.${signature}`,
      `${head}.${'A'.repeat(100_000)}.${signature}`,
      access.replaceAll('.', ' '),
      encode({ payload: body, protected: head, signature }),
    ]
    for (const token of wrong) await assert.rejects(tokens.verifyAccess(token), REFUSED, token.slice(0, 300))
    await tokens.verifyAccess(access)
  })
})
