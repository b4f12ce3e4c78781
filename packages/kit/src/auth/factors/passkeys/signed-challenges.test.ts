import assert from 'node:assert/strict'
import { it } from 'node:test'
import { SecretBox } from '../../../base/index.ts'
import { SignedChallenges } from './signed-challenges.ts'

const OLD = 'an old secret of at least fifty characters, that is a fallback'
const NEW = 'a new secret of at least fifty characters, that seals by now'
const challenges = new SignedChallenges(new SecretBox([NEW, OLD]))

it('a signed challenge is good for its ceremony until it ends, also after the secret has changed', () => {
  const challenge = challenges.issue('login', 1000)
  assert.equal(challenges.isGood(challenge, 'login', 999), true)
  assert.equal(challenges.isGood(challenge, 'login', 1000), false)
  assert.equal(challenges.isGood(challenge, 'second_factor', 999), false)
  assert.notEqual(challenges.issue('login', 1000), challenge)
  assert.equal(challenges.isGood(new SignedChallenges(new SecretBox([OLD])).issue('login', 1000), 'login', 999), true)
})

it('no other challenge is good', () => {
  const challenge = challenges.issue('login', 1000)
  const foreign = new SignedChallenges(new SecretBox([`${NEW}!`])).issue('login', 1000)
  for (const other of [
    '',
    'A',
    foreign,
    `${challenge}A`,
    `${challenge}=`,
    challenge.slice(1),
    challenge.slice(0, -1),
  ]) {
    assert.equal(challenges.isGood(other, 'login', 0), false, other)
  }
  const bytes = Buffer.from(challenge, 'base64url')
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 1
    assert.equal(challenges.isGood(changed.toString('base64url'), 'login', 0), false)
  }
})
