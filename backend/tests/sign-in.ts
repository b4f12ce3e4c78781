import assert from 'node:assert/strict'
import { TestClient } from '@bailiwick/kit/testing'

/** A client that has signed in, as a user of the demo unless a password is given. */
export async function signIn(url: string, email: string, password = 'Demo-pass-2026'): Promise<TestClient> {
  const answer = await new TestClient(url).post('/api/account/login/', { email, password })
  assert.equal(answer.status, 200, answer.text)
  return new TestClient(url, answer.body.data.access)
}
