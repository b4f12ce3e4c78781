import assert from 'node:assert/strict'
import { test } from 'node:test'
import { namesOf } from './app-names.ts'

test('an app named after many things keeps one model of them', () => {
  assert.deepEqual(namesOf('products'), {
    app: 'products',
    router: 'productsRouter',
    model: 'Product',
    one: 'product',
    many: 'products',
  })
  assert.equal(namesOf('categories').model, 'Category')
  assert.equal(namesOf('boxes').model, 'Box')
  assert.deepEqual(namesOf('work_orders'), {
    app: 'work_orders',
    router: 'workOrdersRouter',
    model: 'WorkOrder',
    one: 'work order',
    many: 'work_orders',
  })
})

test('any other app begins with an item', () => {
  assert.deepEqual(namesOf('inventory'), {
    app: 'inventory',
    router: 'inventoryRouter',
    model: 'Item',
    one: 'item',
    many: 'items',
  })
  assert.equal(namesOf('address').model, 'Item')
})
