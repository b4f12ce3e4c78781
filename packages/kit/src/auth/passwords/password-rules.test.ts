import assert from 'node:assert/strict'
import { it } from 'node:test'
import { passwordProblems } from './password-rules.ts'

const OWNER = { email: 'asha.verma@acme.test', name: 'Asha Verma' }

it('a good password has nothing wrong with it', () => {
  for (const password of [
    'Demo-pass-2026',
    'correct horse battery',
    'Πάσχα-στο-χωριό',
    'asha likes green tea at five',
  ]) {
    assert.deepEqual(passwordProblems(password, OWNER), [])
  }
})

it('a bad password is told all that is wrong with it', () => {
  assert.deepEqual(passwordProblems('1234567', OWNER), [
    'This password is too short. It must contain at least 8 characters.',
    'This password is entirely numeric.',
  ])
  assert.deepEqual(passwordProblems('Password123', OWNER), ['This password is too common.'])
  assert.deepEqual(passwordProblems('', OWNER), ['This password is too short. It must contain at least 8 characters.'])
  for (const password of ['asha.verma', 'Asha.Verma1', 'asha.verma@acme.test']) {
    assert.deepEqual(passwordProblems(password, OWNER), ['The password is too similar to the email.'])
  }
  assert.deepEqual(passwordProblems('asha verma', OWNER), ['The password is too similar to the name.'])
})
