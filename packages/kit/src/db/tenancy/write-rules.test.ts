import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sql } from 'kysely'
import type { DialectName } from '../dialects/index.ts'
import { TenancyError } from './tenancy-error.ts'
import { openWalled, textOf } from './wall-fixture.ts'

const DIALECTS: readonly DialectName[] = ['sqlite', 'postgresql', 'mysql']
const TIED =
  "in (select business_membership.user_id from business_membership where business_membership.business_id = 'A')"

for (const dialect of DIALECTS) {
  const db = openWalled(dialect)
  const asha = { name: 'Asha', credit: 1, owner_id: null }

  describe(`an insert on ${dialect}`, () => {
    it('gets the business in every row', () => {
      const query = db.insertInto('clients_order').values([
        { name: 'a', credit: 1, client_id: null },
        { name: 'b', credit: sql<number>`1 + 1`, client_id: null },
      ])
      assert.equal(
        textOf(query),
        "insert into clients_order (name, credit, client_id, business_id) values ('a', 1, null, 'A'), ('b', 1 + 1, null, 'A')",
      )
    })

    it('may name its own business and no other', () => {
      const insert = db.insertInto('clients_client')
      const text = "insert into clients_client (business_id, name, credit, owner_id) values ('A', 'Asha', 1, null)"
      assert.equal(textOf(insert.values({ business_id: 'A', ...asha })), text)
      for (const other of ['B', sql<string>`'A'`, sql<string>`${'B'}`])
        assert.throws(() => insert.values({ business_id: other, ...asha }).compile(), /another business_id/)
      assert.match(
        textOf(insert.values([{ business_id: 'A', ...asha }, asha])),
        /values \('A', 'Asha', 1, null\), \('A', 'Asha', 1, null\)$/,
      )
    })

    it('of default values becomes one of the business', () => {
      assert.equal(
        textOf(db.insertInto('clients_client').defaultValues()),
        "insert into clients_client (business_id) values ('A')",
      )
    })

    it('from a select gets the business as its last column', () => {
      const query = db
        .insertInto('clients_client')
        .columns(['name', 'credit'])
        .expression((eb) => eb.selectFrom('clients_order').select(['name', 'credit']))
      assert.equal(
        textOf(query),
        "insert into clients_client (name, credit, business_id) select name, credit, 'A' as business from clients_order " +
          "where clients_order.business_id = 'A'",
      )
    })

    it('from a union or a distinct select gets the business around it', () => {
      const query = db
        .insertInto('clients_client')
        .columns(['name', 'credit'])
        .expression((eb) => eb.selectFrom('config_country').select(['name', 'credit']).distinct())
      assert.equal(
        textOf(query),
        'insert into clients_client (name, credit, business_id) ' +
          "select inserted_rows.*, 'A' as business from (select distinct name, credit from config_country) as inserted_rows where 1 = 1",
      )
    })

    it('from a select may not choose the business, nor leave the columns unnamed', () => {
      const insert = db.insertInto('clients_client')
      const rows = db.selectFrom('clients_order').select(['name', 'business_id'])
      assert.throws(() => insert.columns(['name', 'business_id']).expression(rows).compile(), /leave it out/)
      assert.throws(() => insert.expression(rows).compile(), /name the columns/)
    })

    it('that replaces is refused, but for a table without businesses', () => {
      assert.throws(() => db.replaceInto('clients_client').values(asha).compile(), /Cannot replace rows/)
      assert.throws(() => db.insertInto('clients_client').orReplace().values(asha).compile(), /Cannot replace rows/)
      assert.throws(
        () => db.replaceInto('account_user').values({ name: 'x', credit: 1 }).compile(),
        /Cannot replace rows/,
      )
      assert.match(
        textOf(db.replaceInto('config_country').values({ name: 'x', credit: 1 })),
        /^replace into config_country/,
      )
    })

    it('of a shared row needs no tie', () => {
      assert.equal(
        textOf(db.insertInto('account_user').values({ name: 'x', credit: 1 })),
        "insert into account_user (name, credit) values ('x', 1)",
      )
    })

    it('cannot end with raw SQL', () => {
      const insert = db.insertInto('clients_client').values(asha)
      assert.throws(() => insert.modifyEnd(sql`on conflict (id) do update set name = 'x'`).compile(), TenancyError)
    })

    it('cannot smuggle in a second value', () => {
      const insert = db.insertInto('clients_client')
      assert.throws(() => insert.values({ ...asha, name: sql<string>`'x', 'B'` }).compile(), /several values/)
    })
  })

  describe(`an update on ${dialect}`, () => {
    it('is bound to the business, with its own condition in parentheses', () => {
      const query = db.updateTable('clients_client as c').set({ name: 'x' }).where(sql<boolean>`1 = 1 or true`)
      assert.equal(
        textOf(query),
        "update clients_client as c set name = 'x' where c.business_id = 'A' and (1 = 1 or true)",
      )
    })

    it('is bound in what it reads', () => {
      const query = db
        .updateTable('clients_client')
        .set((eb) => ({ name: eb.selectFrom('clients_order').select('name').limit(1) }))
      assert.equal(
        textOf(query),
        "update clients_client set name = (select name from clients_order where clients_order.business_id = 'A' limit 1) " +
          "where clients_client.business_id = 'A'",
      )
    })

    it('may not set the business, by whatever name', () => {
      const update = db.updateTable('clients_client')
      assert.throws(() => update.set({ business_id: 'B' }).compile(), /does not change its business/)
      assert.throws(() => update.set({ business_id: 'A' }).compile(), /does not change its business/)
      assert.throws(
        () => update.set('clients_client.business_id' as 'name', 'B').compile(),
        /does not change its business/,
      )
      assert.throws(() => update.set('BUSINESS_ID' as 'name', 'B').compile(), /does not change its business/)
      assert.throws(() => update.set(sql`name = 'x', business_id`, 'B').compile(), TenancyError)
      assert.throws(() => update.set({ name: sql<string>`'x', business_id = 'B'` }).compile(), /several values/)
      assert.throws(() => update.set({ name: sql<string>`'x' where true or name = 'y'` }).compile(), /begins a clause/)
    })

    it('cannot end with raw SQL', () => {
      assert.throws(
        () => db.updateTable('clients_client').set({ name: 'x' }).modifyEnd(sql`or true`).compile(),
        TenancyError,
      )
    })

    it('of shared rows is bound to those tied to the business', () => {
      assert.equal(
        textOf(db.updateTable('account_user').set({ name: 'x' })),
        `update account_user set name = 'x' where account_user.id ${TIED}`,
      )
    })

    it('of a name that only a common table expression has is refused', () => {
      const other = db.withTables<{ legacy: { id: number } }>()
      const query = other
        .with('legacy', (q) => q.selectFrom('config_country').select('id'))
        .updateTable('legacy')
        .set({ id: 1 })
      assert.throws(() => query.compile(), /no model declares/)
    })
  })

  describe(`a delete on ${dialect}`, () => {
    it('is bound to the business', () => {
      assert.equal(
        textOf(db.deleteFrom('clients_client').where('name', '=', 'x')),
        "delete from clients_client where clients_client.business_id = 'A' and (name = 'x')",
      )
      assert.equal(textOf(db.deleteFrom('account_user as u')), `delete from account_user as u where u.id ${TIED}`)
      assert.equal(textOf(db.deleteFrom('config_country')), 'delete from config_country')
    })

    it('cannot end with raw SQL', () => {
      assert.throws(() => db.deleteFrom('clients_client').modifyEnd(sql`or true`).compile(), TenancyError)
    })
  })
}

describe('a write on PostgreSQL', () => {
  const db = openWalled('postgresql')

  it('is bound in every table of `update … from` and `delete … using`', () => {
    const update = db
      .updateTable('clients_client as c')
      .from('clients_order as o')
      .leftJoin('business_membership as m', 'm.user_id', 'o.id')
      .set({ name: 'x' })
      .whereRef('o.client_id', '=', 'c.id')
    assert.equal(
      textOf(update),
      "update clients_client as c set name = 'x' from clients_order as o " +
        "left join business_membership as m on m.business_id = 'A' and (m.user_id = o.id) " +
        "where c.business_id = 'A' and o.business_id = 'A' and (o.client_id = c.id)",
    )
    const remove = db.deleteFrom('clients_client as c').using('clients_order as o').whereRef('o.client_id', '=', 'c.id')
    assert.equal(
      textOf(remove),
      'delete from clients_client as c using clients_order as o ' +
        "where c.business_id = 'A' and o.business_id = 'A' and (o.client_id = c.id)",
    )
  })

  it('is bound inside a common table expression and in `returning`', () => {
    const query = db
      .with('gone', (q) => q.deleteFrom('clients_client').returning('name'))
      .insertInto('clients_order')
      .columns(['name'])
      .expression((eb) => eb.selectFrom('gone').select('name'))
      .returning((eb) =>
        eb
          .selectFrom('clients_order as o')
          .select((e) => e.fn.countAll().as('n'))
          .as('n'),
      )
    assert.equal(
      textOf(query),
      "with gone as (delete from clients_client where clients_client.business_id = 'A' returning name) " +
        "insert into clients_order (name, business_id) select name, 'A' as business from gone " +
        "returning (select count(*) as n from clients_order as o where o.business_id = 'A') as n",
    )
  })

  it('is never a merge', () => {
    const merge = db
      .mergeInto('clients_client as c')
      .using('clients_order as o', 'o.client_id', 'c.id')
      .whenMatched()
      .thenDelete()
    assert.throws(() => merge.compile(), /MergeQueryNode/)
  })
})

describe('a write on MySQL', () => {
  const db = openWalled('mysql')

  it('of several tables is bound in each', () => {
    const update = db
      .updateTable(['clients_client as c', 'clients_order as o'])
      .set('c.name', 'x')
      .whereRef('o.id', '=', 'c.id')
    assert.equal(
      textOf(update),
      "update clients_client as c, clients_order as o set c.name = 'x' " +
        "where c.business_id = 'A' and o.business_id = 'A' and (o.id = c.id)",
    )
    const remove = db
      .deleteFrom(['clients_client', 'clients_order'])
      .using('clients_client')
      .innerJoin('clients_order', 'clients_order.id', 'clients_client.id')
    assert.equal(
      textOf(remove),
      'delete from clients_client, clients_order using clients_client inner join clients_order ' +
        "on clients_order.business_id = 'A' and (clients_order.id = clients_client.id) where clients_client.business_id = 'A'",
    )
  })

  it('deletes only from what stands among the sources', () => {
    const remove = db.deleteFrom(['clients_order']).using('clients_client')
    assert.throws(() => remove.compile(), /not among the sources/)
  })
})
