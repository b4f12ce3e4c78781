import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sql } from 'kysely'
import { openWalled, textOf } from './wall-fixture.ts'

const TIED =
  "in (select business_membership.user_id from business_membership where business_membership.business_id = 'A')"
const asha = { name: 'Asha', credit: 1, owner_id: null }

for (const dialect of ['sqlite', 'postgresql'] as const) {
  const db = openWalled(dialect)

  describe(`an upsert by conflict on ${dialect}`, () => {
    const insert = db.insertInto('clients_client').values(asha)

    it('updates only a row of the business', () => {
      const query = insert.onConflict((oc) =>
        oc.column('id').doUpdateSet({ name: 'y' }).where('clients_client.credit', '>', 1),
      )
      assert.match(
        textOf(query),
        /on conflict \(id\) do update set name = 'y' where clients_client.business_id = 'A' and \(clients_client.credit > 1\)$/,
      )
      assert.match(textOf(insert.onConflict((oc) => oc.doNothing())), /on conflict do nothing$/)
    })

    it('updates only a shared row that is tied to the business', () => {
      const query = db
        .insertInto('account_user')
        .values({ name: 'x', credit: 1 })
        .onConflict((oc) => oc.column('id').doUpdateSet({ name: 'y' }))
      assert.ok(textOf(query).endsWith(`do update set name = 'y' where account_user.id ${TIED}`))
    })

    it('may not set the business', () => {
      const query = insert.onConflict((oc) => oc.column('id').doUpdateSet({ business_id: 'A' }))
      assert.throws(() => query.compile(), /does not change its business/)
    })
  })
}

describe('an upsert on MySQL', () => {
  const db = openWalled('mysql')

  it('by duplicate key changes only a row of the business', () => {
    const insert = db.insertInto('clients_client').values({ name: 'a', credit: 1, owner_id: null })
    assert.match(
      textOf(insert.onDuplicateKeyUpdate({ name: 'y', credit: sql<number>`values(credit)` })),
      /name = case when clients_client.business_id = 'A' then \('y'\) else clients_client.name end, credit = case .* then \(values\(credit\)\) else clients_client.credit end$/,
    )
    assert.throws(() => insert.onDuplicateKeyUpdate({ business_id: 'B' }).compile(), /does not change its business/)
    assert.throws(() => insert.onDuplicateKeyUpdate({ name: 'y' }).returning('name').compile(), /Cannot return rows/)
  })
})
