import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hash } from '@node-rs/argon2'
import { DECOY_HASH, hashPassword, needsRehash, verifyPassword } from './passwords.ts'

describe('passwords', () => {
  it('are hashed by argon2id with the parameters of OWASP, each time with another salt', async () => {
    const [first, second] = await Promise.all([hashPassword('Tea-for-two-2'), hashPassword('Tea-for-two-2')])
    assert.match(first, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    assert.notEqual(first, second)
    assert.equal(needsRehash(first), false)
  })

  it('are right or wrong', async () => {
    const hashed = await hashPassword('Tea-for-two-2')
    assert.equal(await verifyPassword('Tea-for-two-2', hashed), true)
    assert.equal(await verifyPassword('tea-for-two-2', hashed), false)
    assert.equal(await verifyPassword('Tea-for-two-2 ', hashed), false)
  })

  it('are the same however the keyboard composes their letters', async () => {
    const hashed = await hashPassword('caf\u00e9-au-lait')
    assert.equal(await verifyPassword('cafe\u0301-au-lait', hashed), true)
  })

  it('are wrong where there is no hash, or none of ours', async () => {
    for (const hashed of [null, '', '!', '$argon2id$v=19$m=1$x']) {
      assert.equal(await verifyPassword('Tea-for-two-2', hashed), false)
    }
  })

  it('cannot be the one of the decoy, which takes as much work as every other hash', async () => {
    assert.equal(needsRehash(DECOY_HASH), false)
    assert.equal(await verifyPassword('x', DECOY_HASH), false)
  })

  it('are to be hashed anew when their hash is weaker than it is made now', async () => {
    assert.equal(needsRehash(await hash('x', { memoryCost: 4096, timeCost: 2 })), true)
    assert.equal(needsRehash('!'), true)
  })
})
