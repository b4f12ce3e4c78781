import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sql } from 'kysely'
import type { DialectName } from '../dialects/index.ts'
import { TenancyError } from './tenancy-error.ts'
import { openWalled, textOf } from './wall-fixture.ts'

const DIALECTS: readonly DialectName[] = ['sqlite', 'postgresql', 'mysql']

for (const dialect of DIALECTS)
  describe(`a select on ${dialect}`, () => {
    const db = openWalled(dialect)

    it('is bound to the business', () => {
      assert.equal(
        textOf(db.selectFrom('clients_client').selectAll()),
        "select * from clients_client where clients_client.business_id = 'A'",
      )
    })

    it('keeps its own condition, in parentheses', () => {
      const query = db.selectFrom('clients_client as c').select('name').where(sql<boolean>`1 = 1 or name = ${'x'}`)
      assert.equal(
        textOf(query),
        "select name from clients_client as c where c.business_id = 'A' and (1 = 1 or name = 'x')",
      )
    })

    it('is bound for each of several tables, and twice for a table named twice', () => {
      const query = db.selectFrom(['clients_client as a', 'clients_client as b', 'config_country']).select('a.id')
      assert.equal(
        textOf(query),
        'select a.id from clients_client as a, clients_client as b, config_country ' +
          "where a.business_id = 'A' and b.business_id = 'A'",
      )
    })

    it('binds inner and left joins in their `on`', () => {
      const query = db
        .selectFrom('config_country as k')
        .innerJoin('clients_client as c', 'c.id', 'k.id')
        .leftJoin('clients_order as o', 'o.client_id', 'c.id')
        .select('c.id')
      assert.equal(
        textOf(query),
        "select c.id from config_country as k inner join clients_client as c on c.business_id = 'A' and (c.id = k.id) " +
          "left join clients_order as o on o.business_id = 'A' and (o.client_id = c.id)",
      )
    })

    it('binds a cross join in `where`', () => {
      const query = db.selectFrom('config_country as k').crossJoin('clients_client as c').select('c.id')
      assert.equal(
        textOf(query),
        "select c.id from config_country as k cross join clients_client as c where c.business_id = 'A'",
      )
    })

    it('puts subqueries in the place of tables that a right join keeps or fills with nulls', () => {
      const query = db
        .selectFrom('clients_client as c')
        .rightJoin('clients_order as o', 'o.client_id', 'c.id')
        .select('o.id')
      assert.equal(
        textOf(query),
        "select o.id from (select * from clients_client as c where c.business_id = 'A') as c " +
          "right join (select * from clients_order as o where o.business_id = 'A') as o on o.client_id = c.id",
      )
    })

    it('puts subqueries in the place of both sides of a full join', () => {
      const query = db
        .selectFrom('clients_client')
        .fullJoin('clients_order', 'clients_order.client_id', 'clients_client.id')
        .select('clients_order.id')
      assert.equal(
        textOf(query),
        "select clients_order.id from (select * from clients_client where clients_client.business_id = 'A') as clients_client " +
          "full join (select * from clients_order where clients_order.business_id = 'A') as clients_order " +
          'on clients_order.client_id = clients_client.id',
      )
    })

    it('is bound in subqueries wherever they stand', () => {
      const query = db
        .selectFrom('config_country as k')
        .select((eb) => eb.selectFrom('clients_client as s').select('s.name').limit(1).as('first'))
        .where((eb) => eb.exists(eb.selectFrom('clients_order as w').select('w.id').whereRef('w.id', '=', 'k.id')))
        .where('k.id', 'in', (eb) => eb.selectFrom('clients_order as i').select('i.id'))
        .groupBy('k.id')
        .having((eb) => eb.selectFrom('clients_order as h').select('h.id'), '=', 1)
        .orderBy((eb) => eb.selectFrom('clients_client as o').select('o.id'))
      const text = textOf(query)
      for (const alias of ['s', 'w', 'i', 'h', 'o'])
        assert.match(text, new RegExp(`where ${alias}\\.business_id = 'A'`))
    })

    it('is bound in a derived table, in raw SQL that holds a query, and in both halves of a union', () => {
      const derived = db.selectFrom(db.selectFrom('clients_client').selectAll().as('x')).selectAll()
      assert.equal(
        textOf(derived),
        "select * from (select * from clients_client where clients_client.business_id = 'A') as x",
      )
      const raw = db.selectNoFrom(sql`coalesce(${db.selectFrom('clients_client').select('name')}, '')`.as('n'))
      assert.match(
        textOf(raw),
        /coalesce\(\(select name from clients_client where clients_client.business_id = 'A'\), ''\)/,
      )
      const union = db
        .selectFrom('clients_client')
        .select('name')
        .unionAll(db.selectFrom('clients_order').select('name'))
      assert.equal(
        textOf(union),
        "select name from clients_client where clients_client.business_id = 'A' " +
          "union all select name from clients_order where clients_order.business_id = 'A'",
      )
    })

    it('is bound in common table expressions, recursive ones too, and not for their names', () => {
      const query = db
        .withRecursive('tree', (q) =>
          q
            .selectFrom('clients_order')
            .select(['id', 'client_id'])
            .unionAll(
              q
                .selectFrom('clients_order as o')
                .innerJoin('tree as t', 't.client_id', 'o.id')
                .select(['o.id', 'o.client_id']),
            ),
        )
        .selectFrom('tree')
        .selectAll()
      assert.equal(
        textOf(query),
        "with recursive tree as (select id, client_id from clients_order where clients_order.business_id = 'A' " +
          'union all select o.id, o.client_id from clients_order as o inner join tree as t on t.client_id = o.id ' +
          "where o.business_id = 'A') select * from tree",
      )
    })

    it('binds a table shared through a scoped one to the rows tied to the business', () => {
      assert.equal(
        textOf(db.selectFrom('account_user as u').select('u.name')),
        'select u.name from account_user as u where u.id in ' +
          "(select business_membership.user_id from business_membership where business_membership.business_id = 'A')",
      )
      assert.equal(
        textOf(openWalled(dialect, null).selectFrom('account_user').select('name')),
        'select name from account_user',
      )
    })

    it('throws without a business, naming the table and the way out', () => {
      const none = openWalled(dialect, null)
      assert.throws(() => none.selectFrom('clients_client').selectAll().compile(), {
        name: 'TenancyError',
        message: /Cannot query clients_client.*acrossBusinesses/,
      })
      assert.throws(() => none.deleteFrom('clients_client').compile(), TenancyError)
      assert.throws(
        () => none.insertInto('clients_client').values({ name: 'x', credit: 1, owner_id: null }).compile(),
        TenancyError,
      )
      assert.equal(textOf(none.selectFrom('config_country').selectAll()), 'select * from config_country')
    })

    it('counts names with a schema and in capitals', () => {
      const upper = db.withTables<{ CLIENTS_CLIENT: { id: number }; 'main.clients_client': { id: number } }>()
      assert.match(textOf(upper.selectFrom('CLIENTS_CLIENT').select('id')), /where CLIENTS_CLIENT.business_id = 'A'/)
      assert.equal(
        textOf(upper.selectFrom('main.clients_client').selectAll()),
        "select * from main.clients_client where clients_client.business_id = 'A'",
      )
    })

    it('refuses tables that no model declares', () => {
      const other =
        db.withTables<
          Record<'sqlite_master' | 'pg_catalog.pg_stats' | 'legacy' | 'mysql.config_country', { id: number }>
        >()
      for (const name of ['sqlite_master', 'pg_catalog.pg_stats', 'legacy', 'mysql.config_country'] as const)
        assert.throws(() => other.selectFrom(name).selectAll().compile(), /no model declares that table/)
    })

    it('refuses a name outside the reach of the common table expression that defines it', () => {
      const other = db.withTables<{ legacy: { id: number } }>()
      const query = other
        .with('legacy', (q) => q.selectFrom('legacy').select('id'))
        .selectFrom('legacy')
        .selectAll()
      assert.throws(() => query.compile(), /no model declares/)
      const inner = other
        .selectFrom((eb) => eb.selectFrom('legacy').select('id').as('x'))
        .where((eb) =>
          eb.exists(
            other
              .with('legacy', (q) => q.selectFrom('config_country').select('id'))
              .selectFrom('legacy')
              .select('id'),
          ),
        )
        .selectAll()
      assert.throws(() => inner.compile(), /no model declares/)
    })

    it('refuses a common table expression with the name of a table', () => {
      const query = db
        .with('clients_client', (q) => q.selectFrom('config_country').select('id'))
        .selectFrom('clients_client')
      assert.throws(() => query.selectAll().compile(), /a table has that name/)
    })

    it('refuses two sources of one name', () => {
      const query = db.selectFrom(['clients_client as c', 'config_country as c']).selectAll()
      assert.throws(() => query.compile(), /two sources have that name/)
    })

    it('refuses a table in the disguise of a column', () => {
      assert.throws(
        () =>
          db
            .selectFrom((eb) => eb.ref('clients_client' as 'x' & never).as('c'))
            .selectAll()
            .compile(),
        TenancyError,
      )
      const names = db.selectFrom('config_country').select('id')
      assert.throws(
        () => names.where((eb) => eb('id', 'in', eb.ref('clients_client' as 'id'))).compile(),
        /set of an `in`/,
      )
      assert.throws(() => names.where((eb) => eb(eb.table('config_country'), '=', 1 as never)).compile(), TenancyError)
    })

    it('may end with a lock, and with nothing else', () => {
      const query = db.selectFrom('clients_client').select('id')
      assert.match(textOf(query.forUpdate().skipLocked()), /for update skip locked$/)
      assert.match(textOf(query.modifyEnd(sql`for share`)), /for share$/)
      assert.throws(() => query.modifyEnd(sql`or true`).compile(), TenancyError)
      assert.throws(() => query.modifyEnd(sql`|| 'x' for update`).compile(), TenancyError)
    })
  })

describe('a select on PostgreSQL', () => {
  it('binds lateral joins', () => {
    const query = openWalled('postgresql')
      .selectFrom('clients_client as c')
      .leftJoinLateral(
        (eb) => eb.selectFrom('clients_order as o').select('o.id').whereRef('o.client_id', '=', 'c.id').as('last'),
        (join) => join.onTrue(),
      )
      .select('last.id')
    assert.equal(
      textOf(query),
      "select last.id from clients_client as c left join lateral (select o.id from clients_order as o where o.business_id = 'A' " +
        "and (o.client_id = c.id)) as last on true where c.business_id = 'A'",
    )
  })
})
