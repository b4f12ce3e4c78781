import assert from 'node:assert/strict'
import { it } from 'node:test'
import { passwordProblems } from './password-rules.ts'

const OWNER = { email: 'asha.verma@acme.test', name: 'Asha Verma', businesses: ['Blue Bakery', 'Ω Labs'] }

const SHORT = 'This password is too short. It must contain at least 8 characters.'
const COMMON = 'This password is too common.'
const like = (what: string) => `The password is too similar to the ${what}.`

it('a good password has nothing wrong with it, whatever kinds of characters it has', () => {
  for (const password of [
    'Demo-pass-2026',
    'correct horse battery',
    'Πάσχα-στο-χωριό',
    'كلمةسرطويلة',
    '長いパスワードです',
    'asha likes green tea at five',
    '83650217',
    'lowercaseonly',
    '🔑🗝🔒🔓🔐🛡🚪🏰',
    'x'.repeat(20) + 'y'.repeat(108),
  ]) {
    assert.deepEqual(passwordProblems(password, OWNER), [], password)
  }
})

it('a password has 8 to 128 characters, counted as people count them', () => {
  assert.deepEqual(passwordProblems('🔑🗝🔒🔓🔐🛡🚪', OWNER), [SHORT])
  assert.deepEqual(passwordProblems('e\u0301a\u0301o\u0301u\u0301', OWNER), [SHORT])
  assert.deepEqual(passwordProblems('', OWNER), [SHORT])
  const long = 'This password is too long. It must contain at most 128 characters.'
  assert.deepEqual(passwordProblems(`${'xy'.repeat(64)}z`, OWNER), [long])
  assert.deepEqual(passwordProblems('o\u0301'.repeat(128), OWNER), [])
})

it('one of those that are tried first is too common, in whatever case', () => {
  for (const password of [
    'password',
    'Password123',
    'QWERTYUIOP',
    '1234567890',
    'trustno1',
    'iloveyou',
    ' sunshine ',
  ]) {
    assert.deepEqual(passwordProblems(password, OWNER), [COMMON], password)
  }
  assert.deepEqual(passwordProblems('123456', OWNER), [SHORT, COMMON])
})

it('one that is like the address, the name or a business of its owner is too similar', () => {
  for (const password of ['asha.verma', 'Asha.Verma1', 'asha.verma@acme.test', 'vermaasha', 'tset.emca@amrev.ahsa']) {
    assert.deepEqual(passwordProblems(password, OWNER), [like('email address')], password)
  }
  const named = { email: 'x@y.test', name: 'Jürgen Großmann' }
  for (const password of ['großmann', 'GROSSMANN', 'ju\u0308rgen12', 'Jürgen Großmann 1']) {
    assert.deepEqual(passwordProblems(password, named), [like('name')], password)
  }
  for (const password of ['bluebakery', 'Blue-Bakery-1', 'bakery99']) {
    assert.deepEqual(passwordProblems(password, OWNER), [like('business name')], password)
  }
  assert.deepEqual(passwordProblems('bluebakery', { email: 'x@y.test' }), [])
  assert.deepEqual(passwordProblems('blue sky over bakery street', OWNER), [])
})
