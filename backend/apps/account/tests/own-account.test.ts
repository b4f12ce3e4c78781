import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newId } from '@bailiwick/kit/base'
import { type MadeUser, type TestProject, testDatabases, testProject } from '@bailiwick/kit/testing'
import sharp from 'sharp'
import { project } from '../../../core/project.ts'
import { Avatar } from '../models.ts'

const ME = '/api/account/me/'
const PROFILE = '/api/account/profile/'
const AVATAR = '/api/account/avatar/'

for (const source of testDatabases()) {
  describe(`the own account, on ${source.name}`, () => {
    let app: TestProject
    let user: MadeUser
    let business: { readonly id: string; readonly name: string }
    before(async () => {
      app = await testProject(project, { source })
      business = await app.make.business({ name: 'Acme Trading', slug: 'acme' })
      user = await app.make.user({ name: 'Asha', business, role: 'agent' })
    })
    after(() => app.close())

    const tokenOf = async ({ email, password }: MadeUser): Promise<string> =>
      (await app.guest.post('/api/account/login/', { email, password })).body.data.access

    async function send(method: string, path: string, who: MadeUser | null, file?: Blob | string) {
      const body = new FormData()
      if (file !== undefined) body.append('avatar', file)
      return fetch(app.url + path, {
        method,
        ...(file !== undefined && { body }),
        headers: who === null ? {} : { authorization: `Bearer ${await tokenOf(who)}` },
      })
    }

    const picture = async (format: 'png' | 'jpeg' = 'png'): Promise<Blob> => {
      const create = { width: 300, height: 200, channels: 3, background: { r: 9, g: 99, b: 199 } } as const
      return new Blob([new Uint8Array(await sharp({ create }).toFormat(format).toBuffer())])
    }

    test('tells who one is, where one works, and what the account has', async () => {
      const client = await app.as(user)
      const { body } = await client.get(ME)
      const { last_login, ...told } = body.data.user
      assert.ok(last_login)
      assert.deepEqual(told, {
        id: user.id,
        email: user.email,
        email_verified: true,
        name: 'Asha',
        phone: null,
        language: 'en',
        time_zone: 'UTC',
        has_password: true,
        has_second_factor: false,
        has_avatar: false,
        is_superuser: false,
      })
      assert.equal(body.data.business.role, 'agent')
      assert.deepEqual(body.data.businesses, [body.data.business])
      assert.equal(body.data.second_factor_required, false)
      assert.equal(body.data.impersonator, null)
      assert.deepEqual((await client.get(PROFILE)).body.data, body.data.user)
    })

    test('lets one change name, phone, language and time zone, each alone', async () => {
      const client = await app.as(user)
      const changes = { name: 'Asha Verma', phone: '+97317000000', language: 'ar', time_zone: 'Asia/Bahrain' }
      for (const [name, value] of Object.entries(changes)) {
        const saved = await client.patch(name === 'name' ? PROFILE : ME, { [name]: value })
        assert.equal(saved.status, 200, saved.text)
      }
      const { data } = (await client.get(PROFILE)).body
      for (const [name, value] of Object.entries(changes)) assert.equal(data[name], value)
      assert.equal((await client.patch(ME, {})).status, 200)
      assert.equal((await client.patch(ME, { phone: null })).body.data.user.phone, null)
    })

    test('refuses what may not be changed here, and what will not do', async () => {
      const client = await app.as(user)
      const cases: [object, string][] = [
        [{ email: 'other@acme.test' }, 'email'],
        [{ is_superuser: true }, 'is_superuser'],
        [{ password: 'A-new-pass-of-asha' }, 'password'],
        [{ id: newId() }, 'id'],
        [{ name: '' }, 'name'],
        [{ name: null }, 'name'],
        [{ language: 'tlh' }, 'language'],
        [{ time_zone: 'Mars/Olympus' }, 'time_zone'],
        [{ time_zone: '+03:00' }, 'time_zone'],
        [{ phone: 'call me' }, 'phone'],
      ]
      for (const path of [ME, PROFILE]) {
        for (const [body, field] of cases) {
          const { status, body: answer } = await client.patch(path, body)
          assert.equal(status, 400, JSON.stringify(body))
          assert.deepEqual(Object.keys(answer.errors), [field])
        }
      }
      for (const path of [ME, PROFILE, AVATAR]) assert.equal((await app.guest.get(path)).status, 401)
    })

    test('keeps a picture, made anew, and gives it to who has not got it', async () => {
      assert.equal((await send('GET', AVATAR, user)).status, 404)
      const saved = await send('PUT', AVATAR, user, await picture())
      assert.equal(saved.status, 200, await saved.clone().text())
      const shown = await send('GET', AVATAR, user)
      assert.equal(shown.headers.get('content-type'), 'image/webp')
      assert.equal(shown.headers.get('cache-control'), 'private, no-cache')
      assert.equal(shown.headers.get('x-content-type-options'), 'nosniff')
      const { width, height } = await sharp(Buffer.from(await shown.arrayBuffer())).metadata()
      assert.deepEqual([width, height], [256, 256])
      const authorization = `Bearer ${await tokenOf(user)}`
      const etag = shown.headers.get('etag') ?? ''
      const again = await fetch(app.url + AVATAR, { headers: { authorization, 'if-none-match': etag } })
      assert.equal(again.status, 304)
      assert.equal((await (await app.as(user)).get(PROFILE)).body.data.has_avatar, true)
    })

    test('replaces the picture, and removes it', async () => {
      await send('PUT', AVATAR, user, await picture())
      await send('PUT', AVATAR, user, await picture('jpeg'))
      assert.equal(await app.context().query(Avatar).filter({ user: user.id }).count(), 1)
      assert.equal((await send('DELETE', AVATAR, user)).status, 200)
      assert.equal((await send('GET', AVATAR, user)).status, 404)
      assert.equal((await send('DELETE', AVATAR, user)).status, 200)
    })

    test('refuses a file that is no picture, in Django’s words', async () => {
      const refused = await send('PUT', AVATAR, user, new Blob(['<svg xmlns="http://www.w3.org/2000/svg"/>']))
      assert.equal(refused.status, 400)
      const message = 'Upload a valid image. The file you uploaded was either not an image or a corrupted image.'
      assert.match(await refused.text(), new RegExp(message))
      const large = await send('PUT', AVATAR, user, new Blob([new Uint8Array(5 * 1024 * 1024 + 1)]))
      assert.equal(large.status, 413)
      assert.equal((await send('PUT', AVATAR, null, await picture())).status, 401)
    })

    test('shows the picture of a member to the members of the same business, and to nobody else', async () => {
      const path = `/api/account/users/${user.id}/avatar/`
      await send('PUT', AVATAR, user, await picture())
      const colleague = await app.make.user({ business, role: 'subscriber' })
      const stranger = await app.make.user({ business: await app.make.business() })
      const alone = await app.make.user()
      assert.equal((await send('GET', path, colleague)).status, 200)
      assert.equal((await send('GET', path, null)).status, 401)
      assert.equal((await send('GET', path, alone)).status, 403)
      const unknown = await send('GET', `/api/account/users/${newId()}/avatar/`, stranger)
      const foreign = await send('GET', path, stranger)
      assert.equal(foreign.status, 404)
      const told = (text: string) => ({ ...JSON.parse(text), meta: null })
      assert.deepEqual(told(await foreign.text()), told(await unknown.text()))
      assert.equal((await send('GET', '/api/account/users/nobody/avatar/', colleague)).status, 404)
    })
  })
}
