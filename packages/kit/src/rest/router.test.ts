import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { permission } from '../auth/index.ts'
import { model, text } from '../db/index.ts'
import { testStores } from '../testing/throwaway-store.ts'
import { action, endpointsOf, router, viewset } from './index.ts'

const Key = model('lab.Key', { scope: 'business', fields: { name: text({ max: 50 }) } })
const anybody = permission({ name: 'anybody', allows: () => true })
const press = action(Key, { detail: true, summary: 'Press a key', run: async () => {} })

describe('a router', () => {
  it('serves a viewset at an address of several parts, and names its operations as names', async () => {
    const [source] = testStores([Key])
    assert.ok(source)
    const { store, drop } = await source.create()
    const keys = viewset(Key, { only: ['list', 'destroy'], permissions: anybody, actions: { press } })
    const endpoints = endpointsOf([router('lab', { '2fa/keys': keys })], {
      store,
      limits: { pageSize: 10, maxPageSize: 10 },
    })
    assert.deepEqual(
      endpoints.map(({ method, path, operation }) => `${method} ${path} ${operation}`),
      [
        'GET /api/lab/2fa/keys/ lab_2fa_keys_list',
        'DELETE /api/lab/2fa/keys/:id/ lab_2fa_keys_destroy',
        'POST /api/lab/2fa/keys/:id/press/ lab_2fa_keys_press',
      ],
    )
    await drop()
  })

  it('refuses names that cannot stand in an address', () => {
    for (const name of ['', '/keys', 'keys/', 'a//b', 'Keys', 'a b', ':id', 'a/:id', '../keys', '-a']) {
      assert.throws(() => router('lab', { [name]: viewset(Key) }), TypeError, name)
    }
    for (const app of ['', 'a/b', '2fa', 'Lab']) assert.throws(() => router(app, {}), TypeError, app)
  })
})
