import assert from 'node:assert/strict'
import { it } from 'node:test'
import { SecretBox } from './secret-box.ts'

const OLD = 'the-first-secret-that-is-long-enough-for-anybody-at-all'
const NEW = 'the-second-secret-that-is-long-enough-for-anybody-at-all'

it('what is sealed can be opened for the same purpose only, and never looks the same twice', () => {
  const box = new SecretBox([OLD])
  const sealed = box.seal('کلید-123', 'totp')
  assert.equal(box.open(sealed, 'totp'), 'کلید-123')
  assert.notEqual(box.seal('کلید-123', 'totp'), sealed)
  assert.throws(() => box.open(sealed, 'mail'), /Cannot open a sealed mail: no secret fits/)
})

it('what was changed, cut or made up is refused', () => {
  const box = new SecretBox([OLD])
  const sealed = box.seal('value', 'totp')
  const changed = sealed.slice(0, 12) + (sealed[12] === 'A' ? 'B' : 'A') + sealed.slice(13)
  for (const text of [changed, sealed.slice(0, -4), '', 'v1.', 'v2.abc', 'value']) {
    assert.throws(() => box.open(text, 'totp'), /no secret fits/)
  }
})

it('a new secret opens what the one before has sealed, as long as that is named', () => {
  const sealed = new SecretBox([OLD]).seal('value', 'totp')
  assert.equal(new SecretBox([NEW, OLD]).open(sealed, 'totp'), 'value')
  assert.throws(() => new SecretBox([NEW]).open(sealed, 'totp'), /no secret fits/)
  const kept = new SecretBox([OLD]).digest('123456', 'code')
  assert.notEqual(kept, new SecretBox([OLD]).digest('123456', 'other'))
  assert.deepEqual(new SecretBox([NEW, OLD]).digests('123456', 'code')[1], kept)
})
