import assert from 'node:assert/strict'
import { it } from 'node:test'
import { RouteTable } from './route-table.ts'

it('the methods of a path are those of every route that it fits', () => {
  const routes = new RouteTable()
  routes.add({ url: '/api/clients/', method: ['GET', 'HEAD'] })
  routes.add({ url: '/api/clients/', method: 'POST' })
  routes.add({ url: '/api/clients/:id/', method: 'GET' })
  routes.add({ url: '/api/clients/export/', method: 'POST' })
  routes.add({ url: '/admin/*', method: 'GET' })
  routes.add({ url: '/', method: 'GET' })
  assert.deepEqual(routes.methodsOf('/api/clients'), ['GET', 'POST', 'HEAD', 'OPTIONS'])
  assert.deepEqual(routes.methodsOf('/api/clients/7/'), ['GET', 'OPTIONS'])
  assert.deepEqual(routes.methodsOf('/api/clients/export/'), ['GET', 'POST', 'OPTIONS'])
  assert.deepEqual(routes.methodsOf('/admin/assets/a.js'), ['GET', 'OPTIONS'])
  assert.deepEqual(routes.methodsOf('/'), ['GET', 'OPTIONS'])
})

it('a path that fits no route has no methods', () => {
  const routes = new RouteTable()
  routes.add({ url: '/api/clients/:id/', method: 'GET' })
  for (const path of ['/', '/api', '/api/clients', '/api/clients//', '/api/clients/:/x', '/api/clients/1/2', '/*']) {
    assert.deepEqual(routes.methodsOf(path), [], path)
  }
})
