import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type AnyModel, createRegistry, email, foreignKey, json, model, text } from '../db/index.ts'
import { adminSite } from './admin-site.ts'
import { checkAdmin } from './check-admin.ts'
import { type ModelAdmin, register } from './model-admin.ts'

const Owner = model('shop.Owner', {
  scope: 'global',
  reason: 'People belong to several shops.',
  fields: { email: email(), secret: text({ sensitive: true }) },
})
const Item = model('shop.Item', {
  scope: 'business',
  display: 'name',
  fields: {
    name: text(),
    tags: json().optional(),
    owner: foreignKey(() => Owner, { onDelete: 'set null' }).optional(),
  },
})
const registry = createRegistry([Owner, Item])

/** A registration with names that the compiler would have refused. */
const unchecked = (model: AnyModel, options: Partial<ModelAdmin>): ModelAdmin => ({ ...register(model), ...options })

const problemsOf = (...registered: ModelAdmin[]) =>
  checkAdmin(adminSite(registered), registry).map(({ id, text }) => `${id} ${text}`)

describe('the admin registry', () => {
  test('a model that says nothing lists its display field and edits every field that may be changed', () => {
    const registered = register(Item)
    assert.deepEqual(registered.listDisplay, ['name'])
    assert.deepEqual(registered.fieldsets, [{ fields: ['name', 'tags', 'owner'] }])
    assert.deepEqual(problemsOf(registered, register(Owner)), [])
  })

  test('a field that is only shown stands once among those of the form', () => {
    const registered = register(Item, { readonlyFields: ['tags', 'created_at'] })
    assert.deepEqual(registered.fieldsets, [{ fields: ['name', 'tags', 'owner', 'created_at'] }])
    assert.deepEqual(problemsOf(registered, register(Owner)), [])
  })

  test('names of fields are checked by the compiler', () => {
    register(Item, { listDisplay: ['name', 'created_at'], listFilter: ['owner__email'], searchFields: ['^name'] })
    // @ts-expect-error there is no such field
    register(Item, { listDisplay: ['nmae'] })
    // @ts-expect-error there is no such field on the other side
    register(Item, { listFilter: ['owner__emial'] })
  })

  test('a model is registered once', () => {
    assert.throws(() => adminSite([register(Item), register(Item)]), /shop\.Item is registered with the admin twice/)
  })

  test('names that the model does not have are told under the ids of Django', () => {
    const registered = unchecked(Item, {
      listDisplay: ['nmae'],
      listFilter: ['owner__emial', 'tags', 'name__first'],
      searchFields: ['owner', '=name'],
      ordering: ['-price'],
      readonlyFields: ['colour'],
    })
    assert.deepEqual(problemsOf(registered), [
      "admin.E108 The value of 'listDisplay[0]' refers to 'nmae', which is not a field of 'shop.Item'.",
      "admin.E116 The value of 'listFilter[0]' refers to 'owner__emial', which is not a field of 'shop.Owner'.",
      "admin.E116 The value of 'listFilter[1]' refers to 'tags', which cannot be filtered by: it is of the kind json.",
      "admin.E116 The value of 'listFilter[2]' refers to 'name__first', which follows 'name', which is no foreign key.",
      "admin.E126 The value of 'searchFields[0]' refers to 'owner', which does not hold text.",
      "admin.E033 The value of 'ordering[0]' refers to '-price', which is not a field of 'shop.Item'.",
      "admin.E035 The value of 'readonlyFields[0]' refers to 'colour', which is not a field of 'shop.Item'.",
    ])
  })

  test('what is sensitive is not shown, filtered or searched', () => {
    const registered = unchecked(Item, { listFilter: ['owner__secret'] })
    assert.deepEqual(problemsOf(registered), [
      "admin.E116 The value of 'listFilter[0]' refers to 'owner__secret', which is sensitive.",
    ])
  })

  test('a form names each field once, and those that the kit keeps only as read-only', () => {
    const fieldsets = [{ fields: ['name', 'created_at'] }, { fields: ['name'] }]
    assert.deepEqual(problemsOf(unchecked(Item, { fieldsets })), [
      "admin.E013 The value of 'fieldsets[0].fields' refers to 'created_at', which cannot be changed: name it in 'readonlyFields'.",
      "admin.E012 There are duplicate field(s) in 'fieldsets[1].fields'.",
    ])
    assert.deepEqual(
      problemsOf(register(Item, { readonlyFields: ['created_at'], fieldsets: [{ fields: ['name', 'created_at'] }] })),
      [],
    )
  })

  test('a registered model has to be installed', () => {
    const Stray = model('shop.Stray', { scope: 'global', reason: 'For this test.', fields: { name: text() } })
    assert.deepEqual(problemsOf(register(Stray)), [
      "admin.E001 The model 'shop.Stray' is registered, but is not installed.",
    ])
  })
})
