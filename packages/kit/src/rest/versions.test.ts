import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newId } from '../base/index.ts'
import { foreignKey, manyToMany, model, text } from '../db/index.ts'
import { type Caller, type ThrowawayApi, testApis } from '../testing/throwaway-api.ts'
import { router, serializer, viewset } from './index.ts'

const Folder = model('wiki.Folder', { scope: 'business', fields: { name: text() } })
const Note = model('wiki.Note', {
  scope: 'business',
  version: true,
  fields: { title: text(), folder: foreignKey(() => Folder, { onDelete: 'cascade' }).optional() },
})
const Draft = model('wiki.Draft', {
  scope: 'business',
  version: true,
  fields: { title: text(), notes: manyToMany(() => Note, { relatedName: 'drafts' }) },
})
const Sheet = model('wiki.Sheet', {
  scope: 'business',
  version: true,
  fields: { title: text(), notes: manyToMany(() => Note, { relatedName: 'sheets' }) },
})

const Notes = viewset(Note)
const Sheets = viewset(Sheet, { serializer: serializer(Sheet, { fields: ['id', 'version', 'title', 'notes'] }) })
const Drafts = viewset(Draft, {
  serializer: serializer(Draft, { fields: ['id', 'version', 'title', 'notes', 'created_at', 'updated_at'] }),
  performUpdate: (row, values, { ctx, version }) => ctx.query(Draft).updateOne(row.id, values, { version }),
})
const routers = [router('wiki', { folders: viewset(Folder), notes: Notes, drafts: Drafts, sheets: Sheets })]

for (const source of testApis([Folder, Note, Draft, Sheet], routers)) {
  describe(`versions over HTTP on ${source.name}`, () => {
    let api: ThrowawayApi
    let asha: Caller
    let eve: Caller
    before(async () => {
      api = await source.create()
      asha = api.as({ business: newId(), role: 'admin' })
      eve = api.as({ business: newId(), role: 'admin' })
    })
    after(() => api.drop())

    const make = async (path = '/api/wiki/notes/') => {
      const { body, headers } = await asha('POST', path, { body: { title: 'a' } })
      assert.equal(headers.get('etag'), '"1"')
      return `${path}${body.data.id}/`
    }

    test('are shown with the record, and in its ETag', async () => {
      const note = await make()
      const { body, headers } = await asha('GET', note)
      assert.deepEqual([body.data.version, headers.get('etag')], [1, '"1"'])
      const changed = await asha('PATCH', note, { body: { title: 'b' } })
      assert.deepEqual([changed.body.data.version, changed.headers.get('etag')], [2, '"2"'])
      const { body: folder, headers: plain } = await asha('POST', '/api/wiki/folders/', { body: { name: 'f' } })
      assert.deepEqual([folder.data.version, plain.get('etag')], [undefined, null])
    })

    for (const path of ['/api/wiki/sheets/', '/api/wiki/drafts/']) {
      test(`count a change of many-to-many fields alone (${path})`, async () => {
        const notes = [(await asha('POST', '/api/wiki/notes/', { body: { title: 'n' } })).body.data.id]
        const record = await make(path)
        const tied = await asha('PATCH', record, { body: { notes, version: 1 } })
        assert.deepEqual([tied.body.data.version, tied.headers.get('etag')], [2, '"2"'])
        const both = await asha('PATCH', record, { body: { notes: [], title: 'b', version: 2 } })
        assert.deepEqual([both.body.data.version, both.body.data.notes], [3, []])
        const late = await asha('PATCH', record, { body: { notes, version: 1 } })
        assert.equal(late.status, 412)
        assert.deepEqual((await asha('GET', record)).body.data.notes, [])
      })
    }

    for (const method of ['PUT', 'PATCH', 'DELETE'] as const) {
      test(`that have moved stop a ${method}, in the body or in If-Match`, async () => {
        const note = await make()
        await asha('PATCH', note, { body: { title: 'b', version: 1 } })
        const values = method === 'DELETE' ? {} : { title: 'c' }
        for (const call of [
          { body: { ...values, version: 1 } },
          { body: values, headers: { 'if-match': '"1"' } },
          { body: values, headers: { 'if-match': '"nothing"' } },
          { body: values, headers: { 'if-match': 'W/"2"' } },
        ]) {
          const { status, body } = await asha(method, note, call)
          assert.deepEqual([status, body.code], [412, 'precondition_failed'], JSON.stringify(call))
        }
        const bad = [
          [{ body: values, headers: { 'if-match': '2' } }, 'bad_request'],
          [{ body: values, headers: { 'if-match': '"1", "2"' } }, 'bad_request'],
          [{ body: { ...values, version: 'x' } }, 'validation_failed'],
          [{ body: { ...values, version: 0 } }, 'validation_failed'],
          [{ body: { ...values, version: null } }, 'validation_failed'],
          [{ body: { ...values, version: 1 }, headers: { 'if-match': '"2"' } }, 'validation_failed'],
        ] as const
        for (const [call, code] of bad) {
          const { status, body } = await asha(method, note, call)
          assert.deepEqual([status, body.code], [400, code], JSON.stringify(call))
        }
        assert.equal((await asha('GET', note)).body.data.title, 'b')
        assert.equal((await asha(method, note, { body: values, headers: { 'if-match': '"2"' } })).status, 200)
      })
    }

    test('let one of many changes win that have seen the same', async () => {
      for (const note of [await make(), await make('/api/wiki/drafts/')]) {
        const replies = await Promise.all(
          Array.from({ length: 6 }, (_, at) => asha('PATCH', note, { body: { title: `t${at}`, version: 1 } })),
        )
        assert.deepEqual(replies.map(({ status }) => status).toSorted(), [200, 412, 412, 412, 412, 412])
      }
    })

    test('tell another business nothing', async () => {
      const note = await make()
      const unknown = `/api/wiki/notes/${newId()}/`
      for (const method of ['PATCH', 'DELETE']) {
        const [foreign, none] = await Promise.all(
          [note, unknown].map((path) => eve(method, path, { body: { version: 9 } })),
        )
        assert.equal(foreign?.status, 404)
        assert.equal(none?.status, 404)
      }
      assert.equal((await asha('GET', note)).status, 200)
    })

    test('are not asked of a record without them', async () => {
      const { body } = await asha('POST', '/api/wiki/folders/', { body: { name: 'f' } })
      const { status, body: refused } = await asha('PATCH', `/api/wiki/folders/${body.data.id}/`, {
        body: { version: 1 },
      })
      assert.equal(status, 400)
      assert.deepEqual(Object.keys(refused.errors), ['version'])
    })
  })
}
