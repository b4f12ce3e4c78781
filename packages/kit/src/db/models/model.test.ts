import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { choice, datetime, email, foreignKey, integer, text } from '../fields/index.ts'
import {
  columnNamed,
  createRegistry,
  foreignKeys,
  type Insert,
  keyName,
  model,
  type Row,
  type Update,
} from './index.ts'

const User = model('account.User', {
  scope: 'global',
  reason: 'People work for many businesses.',
  fields: { email: email({ unique: true }), name: text() },
})
const Client = model('clients.Client', {
  scope: 'business',
  fields: {
    name: text(),
    status: choice(['lead', 'active']).default('lead'),
    owner: foreignKey(() => User, { onDelete: 'set null' }).optional(),
  },
  unique: [['name', 'status']],
})

describe('a model', () => {
  test('has a table, words for people, and the columns of its scope', () => {
    assert.equal(Client.table, 'clients_client')
    assert.deepEqual([Client.verboseName, Client.verboseNamePlural], ['client', 'clients'])
    assert.deepEqual(
      [...Client.columns.values()].map(({ column }) => column),
      [
        'id',
        'business_id',
        'name',
        'status',
        'owner_id',
        'created_at',
        'created_by',
        'updated_at',
        'updated_by',
        'deleted_at',
        'deleted_by',
        'deletion_id',
      ],
    )
    assert.deepEqual([...User.columns.keys()], ['id', 'email', 'name'])
  })

  test('tells the compiler what a row holds and what makes one', () => {
    const takesRow = (row: Row<typeof Client>): [string, 'lead' | 'active', string | null] => [
      row.name,
      row.status,
      row.owner,
    ]
    const made: Insert<typeof Client> = { name: 'Acme' }
    const changed: Update<typeof Client> = { owner: null }
    // @ts-expect-error a name is needed
    const nameless: Insert<typeof Client> = { status: 'lead' }
    // @ts-expect-error a name is never null
    const nulled: Update<typeof Client> = { name: null }
    // @ts-expect-error vip is no choice
    const vip: Insert<typeof Client> = { name: 'Acme', status: 'vip' }
    assert.equal([takesRow, made, changed, nameless, nulled, vip].length, 6)
  })

  test('says which field it lacks, and which it has', () => {
    assert.throws(() => columnNamed(Client, 'nam'), /clients\.Client has no field "nam". It has: id, business_id, name/)
  })

  test('cannot be declared with names that mean something else', () => {
    const declare = (name: string) => () => model('a.B', { scope: 'business', fields: { [name]: text() } })
    for (const name of ['id', 'page', 'search', 'a__b', 'a_', 'Upper', 'created_at', 'business_id', '1a', 'pk']) {
      assert.throws(declare(name), TypeError, name)
    }
    for (const label of ['Client', 'clients.client', 'clients', 'Clients.Client', 'a.b.C']) {
      assert.throws(() => model(label, { scope: 'business', fields: {} }), /must be app\.Model/)
    }
    assert.throws(() => model('a.B', { scope: 'business', fields: {}, display: 'nope' as never }), /no field "nope"/)
  })

  test('keeps the fields that are unique by themselves among its unique sets', () => {
    assert.deepEqual(
      User.unique.map(({ fields }) => fields),
      [['email']],
    )
    assert.deepEqual(
      Client.unique.map(({ fields }) => fields),
      [['name', 'status']],
    )
  })
})

describe('a registry', () => {
  test('finds models by label and table, and what points to what', () => {
    const registry = createRegistry([User, Client])
    assert.equal(registry.get('clients.Client'), Client)
    assert.equal(registry.findTable('CLIENTS_CLIENT'), Client)
    assert.deepEqual(
      foreignKeys(Client).map((key) => registry.target(key)),
      [User],
    )
    assert.deepEqual(
      registry.referrers(User).map((referrer) => referrer.model),
      [Client],
    )
    assert.throws(() => registry.get('clients.Nope'), /There is no model "clients.Nope"/)
  })

  test('refuses models that do not go together', () => {
    assert.throws(() => createRegistry([Client]), /There is no model "account.User"/)
    assert.throws(() => createRegistry([User, User]), /same label/)
    const Log = model('a.Log', {
      scope: 'global',
      reason: 'x',
      fields: { client: foreignKey(() => Client, { onDelete: 'cascade' }) },
    })
    assert.throws(() => createRegistry([User, Client, Log]), /points into a business/)
    const Bad = model('a.Bad', {
      scope: 'business',
      fields: { user: foreignKey(() => User, { onDelete: 'set null' }) },
    })
    assert.throws(() => createRegistry([User, Bad]), /must be optional/)
  })
})

describe('the name of a key', () => {
  test('tells the table and the columns', () => {
    assert.equal(keyName('clients_client', ['email'], 'uniq'), 'clients_client_email_uniq')
  })
  test('stays within what databases take, and differs where the columns do', () => {
    const long = Array.from({ length: 9 }, (_, at) => `a_rather_long_column_${at}`)
    const names = [
      keyName('table', long, 'idx'),
      keyName('table', long.toReversed(), 'idx'),
      keyName('table', ['-a'], 'idx'),
      keyName('table', ['a'], 'idx'),
    ]
    assert.equal(new Set(names).size, names.length)
    for (const name of names) assert.ok(name.length <= 60, name)
  })
})

test('a field is described by its label, or by its name', () => {
  const Event = model('a.Event', {
    scope: 'business',
    fields: { starts_at: datetime(), size: integer({ label: 'Head count' }) },
  })
  assert.deepEqual(
    [columnNamed(Event, 'starts_at').label, columnNamed(Event, 'size').label],
    ['Starts at', 'Head count'],
  )
})
