import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Problem } from '../../db/index.ts'
import { passwordField, passwordHashField } from './password-field.ts'
import { DECOY_HASH } from './passwords.ts'

it('a password is taken letter by letter, up to 128 characters as people count them', () => {
  const { kind } = passwordField()
  for (const taken of [' spaces stay ', 'e\u0301'.repeat(128), '🔑'.repeat(128)]) {
    assert.equal(kind.parse(taken), taken)
  }
  for (const refused of ['', 'x'.repeat(129), 'nul\0', '\ud800', 'e\u0301'.repeat(129), null, ['x']]) {
    assert.ok(kind.parse(refused) instanceof Problem)
  }
})

it('only hashes are kept as hashes', () => {
  const { kind } = passwordHashField()
  for (const taken of [DECOY_HASH, '!', '!unusable']) assert.equal(kind.parse(taken), taken)
  for (const refused of ['Correct-horse-battery-9', 'md5$salt$0123', '']) {
    assert.ok(kind.parse(refused) instanceof Problem)
  }
})
