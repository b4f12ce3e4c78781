import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HOTP, Secret, TOTP } from 'otpauth'
import { codeOfStep, matchingStep, newTotpSecret, stepAt, totpUri } from './totp-code.ts'

const SECRET = Secret.fromLatin1('12345678901234567890')

describe('codes of authenticator apps', () => {
  it('are those of RFC 4226, appendix D', () => {
    const codes = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' ')
    assert.deepEqual(
      codes.map((_, counter) => codeOfStep(SECRET.base32, BigInt(counter))),
      codes,
    )
  })

  it('are those of RFC 6238, appendix B, of which ours are the last six digits', () => {
    const moments: readonly (readonly [number, string])[] = [
      [59, '94287082'],
      [1_111_111_109, '07081804'],
      [1_111_111_111, '14050471'],
      [1_234_567_890, '89005924'],
      [2_000_000_000, '69279037'],
      [20_000_000_000, '65353130'],
    ]
    for (const [seconds, code] of moments) {
      const step = stepAt(seconds * 1000)
      const eight = HOTP.generate({ secret: SECRET, algorithm: 'SHA1', digits: 8, counter: Number(step) })
      assert.equal(eight, code)
      assert.equal(codeOfStep(SECRET.base32, step), code.slice(2))
    }
  })

  it('belong to the present step or the one before, and to no other', () => {
    const nowMs = Date.parse('2026-03-01T12:00:14Z')
    const step = stepAt(nowMs)
    const found = [-2n, -1n, 0n, 1n].map((drift) =>
      matchingStep(SECRET.base32, codeOfStep(SECRET.base32, step + drift), nowMs),
    )
    assert.deepEqual(found, [null, step - 1n, step, null])
  })

  it('are six digits and nothing else: no spaces, no other digits, no longer and no shorter text', () => {
    const nowMs = Date.parse('2026-03-01T12:00:14Z')
    const code = codeOfStep(SECRET.base32, stepAt(nowMs))
    for (const given of ['', ` ${code}`, `${code} `, `${code}0`, code.slice(1), `${code.slice(0, 5)}٠`, '٠٠٠٠٠٠']) {
      assert.equal(matchingStep(SECRET.base32, given, nowMs), null, given)
    }
  })

  it('are made from secrets of 160 bits, which the address for the app carries', () => {
    const secret = newTotpSecret()
    assert.equal(Secret.fromBase32(secret).bytes.length, 20)
    assert.notEqual(newTotpSecret(), secret)
    const uri = totpUri({ secret, account: 'asha@acme.test', issuer: 'Acme: Trade & Co' })
    const url = new URL(uri)
    assert.equal(`${url.protocol}//${url.host}`, 'otpauth://totp')
    assert.equal(url.searchParams.get('secret'), secret)
    assert.equal(url.searchParams.get('issuer'), 'Acme: Trade & Co')
    assert.equal(url.searchParams.get('algorithm') ?? 'SHA1', 'SHA1')
    assert.equal(url.searchParams.get('period') ?? '30', '30')
  })

  it('are what other programs make', () => {
    const secret = newTotpSecret()
    const nowMs = Date.parse('2026-03-01T12:00:14Z')
    assert.equal(codeOfStep(secret, stepAt(nowMs)), new TOTP({ secret }).generate({ timestamp: nowMs }))
  })
})
