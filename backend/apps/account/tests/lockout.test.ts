import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { testDatabases } from '@bailiwick/kit/db'
import { type TestProject, type TestResponse, testProject } from '@bailiwick/kit/testing'
import { project } from '../../../core/project.ts'

const LIMIT = 5

for (const source of testDatabases()) {
  describe(`a locked account on ${source.name}`, () => {
    let app: TestProject
    before(async () => {
      app = await testProject(project, { source })
    })
    after(() => app?.close())

    const signIn = (email: string, password: string) => app.guest.post('/api/account/login/', { email, password })

    async function lock(email: string): Promise<TestResponse> {
      for (let at = 0; at < LIMIT; at++) assert.equal((await signIn(email, `Wrong-guess-${at}`)).status, 401)
      return signIn(email, 'Wrong-guess-6')
    }

    /** All of an answer but what differs between any two. */
    function facts({ status, headers, body, text }: TestResponse) {
      const shown = [...headers].filter(([name]) => !/^(?:date|x-request-id)$/.test(name))
      return {
        status,
        shown: shown.map(([name, value]) => `${name}: ${value.replace(/^89\d|^900/, '900')}`),
        length: text.length,
        code: body.code,
      }
    }

    test('is refused in the same bytes whether it is there or not', async () => {
      const { email } = await app.make.user()
      const [known, unknown] = [facts(await lock(email)), facts(await lock(`nobody-${email}`))]
      assert.deepEqual([known.status, known.code], [423, 'account_locked'])
      assert.deepEqual(known, unknown)
    })

    test('is told of by e-mail to its owner alone, and opens with a new password', async () => {
      const { email, password } = await app.make.user()
      await lock(email)
      await lock(`nobody-${email}`)
      const told = await app.mail.last(email, 'account_locked')
      assert.match(told.text, /forgot-password/)
      await assert.rejects(app.mail.last(`nobody-${email}`, 'account_locked'))
      assert.equal((await signIn(email, password)).status, 423)
      assert.equal((await app.guest.post('/api/account/password/reset/', { email })).status < 300, true)
      const { token } = await app.mail.last(email, 'reset_password')
      const reset = { token, password: 'A-new-password-of-mine' }
      assert.equal((await app.guest.post('/api/account/password/reset/confirm/', reset)).status, 200)
      assert.equal((await signIn(email, 'A-new-password-of-mine')).status, 200)
    })

    test('opens to its owner, whatever mails a stranger had sent to them', async () => {
      const { email } = await app.make.user()
      await lock(email)
      const asked = { email, name: 'Stranger', password: 'Nobody-will-use-this' }
      for (let at = 0; at < 6; at++) {
        await app.guest.post('/api/account/email/resend/', { email })
        await app.guest.post('/api/account/register/', asked)
      }
      await app.guest.post('/api/account/password/reset/', { email })
      const reset = { token: (await app.mail.last(email, 'reset_password')).token, password: 'A-new-password-of-mine' }
      assert.equal((await app.guest.post('/api/account/password/reset/confirm/', reset)).status, 200)
      assert.equal((await signIn(email, 'A-new-password-of-mine')).status, 200)
    })

    test('an address is the same whatever port a proxy writes behind it', async () => {
      const proxied = await testProject(project, {
        source,
        environment: { TRUST_PROXY: '1', LOCKOUT_ADDRESS_FAILURES: '3' },
      })
      const guess = async (from: string, at: number) => {
        const body = { email: `nobody-${at}@acme.test`, password: 'Wrong-guess-1' }
        const answer = await proxied.guest.send('POST', '/api/account/login/', {
          body,
          headers: { 'x-forwarded-for': from },
        })
        return answer.status
      }
      const statuses: number[] = []
      const forms = ['203.0.113.7:4001', '203.0.113.7:4002', '[::ffff:203.0.113.7]:4003', '203.0.113.7']
      for (const [at, from] of forms.entries()) statuses.push(await guess(from, at))
      await proxied.close()
      assert.deepEqual(statuses, [401, 401, 401, 429])
    })
  })
}
