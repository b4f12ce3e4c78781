import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { TestClient } from '@bailiwick/kit/testing'
import { ManageProcess, printed, stop } from './manage-process.ts'
import { signIn } from './sign-in.ts'

describe('the commands of accounts', () => {
  let manage: ManageProcess
  before(async () => {
    manage = await ManageProcess.here()
    const { code, stderr } = await manage.run(['demo'])
    assert.equal(code, 0, stderr)
  })
  after(() => manage?.remove())

  test('a superuser is made from the environment, once', async () => {
    const environment = { SUPERUSER_EMAIL: 'Boss@example.com', SUPERUSER_PASSWORD: 'Secret-pass-1' }
    const made = await manage.run(['createsuperuser', '--noinput'], { environment })
    assert.deepEqual({ code: made.code, stdout: made.stdout }, { code: 0, stdout: 'Superuser created successfully.\n' })
    const again = await manage.run(['createsuperuser', '--noinput', '--email', 'boss@example.com'], { environment })
    assert.equal(again.code, 1)
    assert.equal(again.stderr, 'CommandError: Error: That email is already taken.\n')
  })

  test('what is missing or malformed is named', async () => {
    const environment = { SUPERUSER_PASSWORD: 'Secret-pass-1' }
    const without = await manage.run(['createsuperuser', '--noinput'], { environment })
    assert.equal(without.stderr, 'CommandError: You must use --email with --noinput.\n')
    const noPassword = await manage.run(['createsuperuser', '--noinput', '--email', 'new@example.com'])
    assert.equal(noPassword.stderr, 'CommandError: You must set SUPERUSER_PASSWORD with --noinput.\n')
    const malformed = await manage.run(['createsuperuser', '--noinput', '--email', 'nobody'], { environment })
    assert.equal(malformed.code, 1)
    assert.equal(malformed.stderr, 'CommandError: Error: email: Enter a valid email address.\n')
  })

  test('nobody is asked where nobody is at a terminal', async () => {
    const { code, stdout } = await manage.run(['createsuperuser'])
    assert.equal(code, 0)
    assert.match(stdout, /^Superuser creation skipped due to not running in a TTY\./)
  })

  test('a changed password is the only one that signs in, and sessions of the old one end', async () => {
    const server = manage.start(['serve'])
    try {
      const [, url = ''] = await printed(server, /Serving at (\S+)\//)
      const before = await signIn(url, 'agent@acme.test')
      const environment = { NEW_PASSWORD: 'Quite-another-7' }
      const changed = await manage.run(['changepassword', 'agent@acme.test', '--noinput'], { environment })
      assert.equal(
        changed.stdout,
        "Changing password for user 'agent@acme.test'\nPassword changed successfully for user 'agent@acme.test'\n",
      )
      await signIn(url, 'agent@acme.test', 'Quite-another-7')
      await assert.rejects(signIn(url, 'agent@acme.test'), /401 !== 200|No active account/)
      await ended(before)
    } finally {
      await stop(server)
    }
  })

  test('a changed password unlocks the account', async () => {
    const server = manage.start(['serve'])
    try {
      const [, url = ''] = await printed(server, /Serving at (\S+)\//)
      for (let guess = 0; guess < 5; guess++) {
        await assert.rejects(signIn(url, 'manager@acme.test', 'Wrong-guess-1'), /401 !== 200|No active account/)
      }
      await assert.rejects(signIn(url, 'manager@acme.test'), /423 !== 200|locked/)
      const environment = { NEW_PASSWORD: 'Quite-another-7' }
      const changed = await manage.run(['changepassword', 'manager@acme.test', '--noinput'], { environment })
      assert.equal(changed.code, 0, changed.stderr)
      await signIn(url, 'manager@acme.test', 'Quite-another-7')
    } finally {
      await stop(server)
    }
  })

  test('what has expired is removed, and told of', async () => {
    const flushed = await manage.run(['flushexpiredtokens'])
    assert.equal(flushed.code, 0, flushed.stderr)
    assert.equal(
      flushed.stdout,
      'Removed 0 expired session(s), 0 one-time token(s), 0 trusted device(s), 0 attempt counter(s), 0 old revocation(s), 0 old event(s) of the security log\n',
    )
  })

  test('a password that is too weak, or of nobody, is refused', async () => {
    const weak = await manage.run(['changepassword', 'admin@acme.test'], { environment: { NEW_PASSWORD: '12345' } })
    assert.equal(weak.code, 1)
    assert.match(weak.stderr, /^CommandError: This password is too short\./)
    const nobody = await manage.run(['changepassword', 'nobody@acme.test'])
    assert.equal(nobody.stderr, "CommandError: user 'nobody@acme.test' does not exist\n")
  })
})

/** Settles once the session is over: another process has ended it, which takes up to a second to be heard of. */
async function ended(client: TestClient): Promise<void> {
  for (;;) {
    const { status } = await client.get('/api/account/me/')
    if (status === 401) return
    assert.equal(status, 200)
  }
}
