import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newId, validationError } from '../base/index.ts'
import { hooks, model, text } from '../db/index.ts'
import { type Caller, type ThrowawayApi, testApis } from '../testing/throwaway-api.ts'
import { router, viewset } from './index.ts'

const Post = model('blog.Post', {
  scope: 'business',
  fields: { title: text(), slug: text({ blank: true }).default('') },
})
const Trace = model('blog.Trace', { scope: 'business', softDelete: false, fields: { line: text() } })

const postHooks = hooks(Post, {
  beforeCreate(_ctx, { values }) {
    if (values.title === 'spam') throw validationError({ title: ['No.'] })
    return { ...values, slug: values.title.toLowerCase() }
  },
  afterUpdate: async (ctx, { before: was, after: is }) => {
    await ctx.query(Trace).create({ line: `${was.title}>${is.title}` })
    if (is.title === 'half') throw validationError({ title: ['Not after all.'] })
  },
  afterDelete: async (ctx, { row }) => {
    await ctx.query(Trace).create({ line: `-${row.title}` })
  },
  afterRestore: async (ctx, { row }) => {
    await ctx.query(Trace).create({ line: `+${row.title}` })
  },
})

for (const source of testApis([Post, Trace], [router('blog', { posts: viewset(Post) })], [postHooks])) {
  describe(`hooks of models over HTTP on ${source.name}`, () => {
    let api: ThrowawayApi
    let asha: Caller
    const business = newId()
    before(async () => {
      api = await source.create()
      asha = api.as({ business, role: 'admin' })
    })
    after(() => api.drop())

    test('run with every write, and their refusals are answers', async () => {
      const spam = await asha('POST', '/api/blog/posts/', { body: { title: 'spam' } })
      assert.deepEqual([spam.status, spam.body.errors], [400, { title: ['No.'] }])
      const { body } = await asha('POST', '/api/blog/posts/', { body: { title: 'ONE' } })
      assert.equal(body.data.slug, 'one')
      const post = `/api/blog/posts/${body.data.id}/`
      assert.equal((await asha('PATCH', post, { body: { title: 'TWO' } })).body.data.title, 'TWO')
      assert.equal((await asha('PUT', post, { body: { title: 'half' } })).status, 400)
      assert.equal((await asha('GET', post)).body.data.title, 'TWO')
      assert.equal((await asha('DELETE', post)).status, 200)
      assert.equal((await asha('POST', `${post}restore/`)).status, 200)
      const lines = await api.context(business).query(Trace).pluck('line').orderBy('id').all()
      assert.deepEqual(lines, ['ONE>TWO', '-TWO', '+TWO'])
    })

    test('are not run for a record of another business', async () => {
      const { body } = await asha('POST', '/api/blog/posts/', { body: { title: 'mine' } })
      const eve = api.as({ business: newId(), role: 'admin' })
      const count = await api.context(business).query(Trace).count()
      for (const method of ['PATCH', 'DELETE'] as const) {
        const call = method === 'PATCH' ? { body: { title: 'x' } } : {}
        assert.equal((await eve(method, `/api/blog/posts/${body.data.id}/`, call)).status, 404)
      }
      assert.equal(await api.context(business).query(Trace).count(), count)
    })
  })
}
