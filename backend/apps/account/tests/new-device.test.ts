import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type MadeUser, type TestProject, testDatabases, testProject } from '@bailiwick/kit/testing'
import { project } from '../../../core/project.ts'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const NEWER_FIREFOX = FIREFOX.replaceAll('140.0', '141.0')
const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'

for (const source of testDatabases()) {
  describe(`a sign-in from a new device on ${source.name}`, () => {
    let app: TestProject
    before(async () => {
      app = await testProject(project, { source, environment: { TRUST_PROXY: '1' } })
    })
    after(() => app.close())

    async function login({ email, password }: MadeUser, { agent, ip }: { agent: string; ip: string }): Promise<void> {
      const headers = { 'user-agent': agent, 'x-forwarded-for': ip }
      const answer = await app.guest.send('POST', '/api/account/login/', { body: { email, password }, headers })
      assert.equal(answer.status, 200, answer.text)
    }

    const notices = async ({ email }: MadeUser): Promise<number> => (await app.mail.to(email)).length

    test('is told to the user, with the device and the address; the first of all is not', async () => {
      const user = await app.make.user({ name: 'Asha' })
      await login(user, { agent: FIREFOX, ip: '198.51.100.7' })
      assert.equal(await notices(user), 0)
      await login(user, { agent: SAFARI, ip: '198.51.100.7' })
      assert.equal(await notices(user), 1)
      const { text } = await app.mail.last(user.email, 'new_device')
      assert.match(text, /Safari on iOS/)
      assert.match(text, /198\.51\.100\.7/)
    })

    test('is none from a device and a network that are known, nor in a newer version of the browser', async () => {
      const user = await app.make.user({ name: 'Bela' })
      await login(user, { agent: FIREFOX, ip: '198.51.100.7' })
      await login(user, { agent: FIREFOX, ip: '198.51.200.9' })
      await login(user, { agent: NEWER_FIREFOX, ip: '198.51.100.7' })
      assert.equal(await notices(user), 0)
    })

    test('is one from another network, with the same browser', async () => {
      const user = await app.make.user({ name: 'Chandra' })
      await login(user, { agent: FIREFOX, ip: '198.51.100.7' })
      await login(user, { agent: FIREFOX, ip: '203.0.113.20' })
      assert.equal(await notices(user), 1)
    })

    test('is not told of to others, nor when the password was wrong', async () => {
      const user = await app.make.user({ name: 'Dina' })
      const other = await app.make.user({ name: 'Emil' })
      await login(user, { agent: FIREFOX, ip: '198.51.100.7' })
      const body = { email: user.email, password: 'not-the-password' }
      const headers = { 'user-agent': SAFARI, 'x-forwarded-for': '203.0.113.99' }
      assert.equal((await app.guest.send('POST', '/api/account/login/', { body, headers })).status, 401)
      await login(other, { agent: SAFARI, ip: '203.0.113.20' })
      assert.deepEqual([await notices(user), await notices(other)], [0, 0])
    })
  })
}
