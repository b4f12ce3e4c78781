import assert from 'node:assert/strict'
import { it } from 'node:test'
import { PasswordHasher } from './password-hasher.ts'
import { DECOY_HASH } from './passwords.ts'

it('of a flood of sign-ins some are verified and the rest are told to come again', async () => {
  const hasher = new PasswordHasher({ concurrency: 1, waiting: 2 })
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => hasher.verify('x', DECOY_HASH)))
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason.code)),
    [false, false, false, ...new Array(7).fill('service_unavailable')],
  )
})
