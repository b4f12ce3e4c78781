import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type RawBuilder, sql } from 'kysely'
import type { DialectName } from '../dialects/index.ts'
import { TenancyError } from './tenancy-error.ts'
import { openWalled, textOf } from './wall-fixture.ts'

const DIALECTS: readonly DialectName[] = ['sqlite', 'postgresql', 'mysql']

function conditionOf(dialect: DialectName, raw: RawBuilder<unknown>): string {
  return textOf(openWalled(dialect).selectFrom('clients_client as c').select('c.id').where(sql<boolean>`${raw}`))
}

function statementOf(dialect: DialectName, raw: RawBuilder<unknown>): string {
  const db = openWalled(dialect)
  return raw.compile(db).sql
}

for (const dialect of DIALECTS)
  describe(`raw SQL on ${dialect}`, () => {
    it('may refer to columns, call functions and hold queries', () => {
      const db = openWalled(dialect)
      for (const raw of [
        sql`lower(${sql.ref('clients_client.name')}) = ${'x'}`,
        sql`coalesce(name, 'it''s') like '%;--' or credit is distinct from 1`,
        sql`exists(${db.selectFrom('clients_client').select('id')})`,
        sql`name in (${sql.join(['a', 'b'])})`,
        sql`(select 1 where 1 = 1) = 1`,
        sql`clients_client_total = 1`,
      ])
        assert.ok(conditionOf(dialect, raw).includes("where c.business_id = 'A' and ("))
    })

    it('may not name a table of businesses or a shared one, in any case or quotes', () => {
      for (const raw of [
        sql`exists(select 1 from clients_client)`,
        sql`exists(select 1 from CLIENTS_Client)`,
        sql`exists(select 1 from "clients_client")`,
        sql`exists(select 1 from main.clients_client)`,
        sql`x = 'clients_client'`,
        sql`x = ${sql.lit('clients_client')}`,
        sql`exists(select 1 from ${sql.table('clients_client')})`,
        sql`exists(select 1 from ${sql.id('main', 'clients_client')})`,
        sql`exists(select 1 from ${sql.ref('clients_client')})`,
        sql`id in ${sql.ref('main.clients_client')}`,
        sql`exists(select 1 from account_user)`,
      ])
        assert.throws(() => conditionOf(dialect, raw), /it names (?:clients_client|account_user)/)
    })

    it('may not put the name together from pieces', () => {
      const pieces = sql`exists(select 1 from ${sql.raw('clients')}${sql.raw('_client')})`
      assert.throws(() => conditionOf(dialect, pieces), /it names clients_client/)
      const nested = sql`exists(select 1 from clients_${sql`cli${sql.raw('ent')}`})`
      assert.throws(() => conditionOf(dialect, nested), /it names clients_client/)
    })

    it('may not run or read SQL given as text, nor the catalogues of the database', () => {
      for (const raw of [
        sql`query_to_xml('select', true, true, '') is null`,
        sql`"Query_To_XML"('select', true, true, '') is null`,
        sql`ts_stat('select')`,
        sql`dblink('x', 'y')`,
        sql`load_file('/etc/passwd')`,
        sql`load_extension('x')`,
        sql`set_config('app.business', 'B', false)`,
        sql`pg_read_file('x')`,
        sql`exists(select 1 from pg_stats)`,
        sql`exists(select 1 from information_schema.tables)`,
        sql`exists(select 1 from sqlite_master)`,
        sql`exists(select 1 from mysql.innodb_table_stats)`,
      ])
        assert.throws(() => conditionOf(dialect, raw), /what no business may see/)
      const called = openWalled(dialect)
        .selectFrom('config_country')
        .select((eb) => eb.fn('query_to_xml', [eb.val('select')]).as('x'))
      assert.throws(() => called.compile(), /Cannot call query_to_xml/)
    })

    it('may not hold a comment, a semicolon, or anything left open', () => {
      for (const text of [
        'true) or (true',
        '(true',
        'true --',
        'true /* x',
        'true */',
        "name = 'x",
        'name = "x',
        'true; delete from x',
        'true \0',
        '/*! 1 */ = 1',
      ])
        assert.throws(() => conditionOf(dialect, sql.raw(text)), TenancyError, text)
    })

    it('may not begin a clause of its own', () => {
      for (const text of [
        'true union select 1',
        'true returning id',
        'true from x',
        'select 1',
        'true do update set name = 1',
        'id in',
      ])
        assert.throws(() => conditionOf(dialect, sql.raw(text)), /begins a clause|ends with/, text)
    })

    it('may be a source if it is one function or subquery that names no table at all', () => {
      const db = openWalled(dialect)
      const from = (raw: RawBuilder<{ id: number }>) => db.selectFrom(raw.as('s')).select('s.id')
      assert.equal(textOf(from(sql`json_each(${'[1]'})`)), "select s.id from json_each('[1]') as s")
      for (const raw of [
        sql<{ id: number }>`config_country`,
        sql<{ id: number }>`(select * from config_country)`,
        sql<{ id: number }>`legacy`,
        sql<{ id: number }>`(select 1) a, (select 2)`,
        sql<{ id: number }>`(select 1) a cross join (select 2)`,
      ])
        assert.throws(() => from(raw).compile(), TenancyError)
    })

    it('may be a whole statement that reads or changes rows of no divided table', () => {
      assert.equal(
        statementOf(dialect, sql`select count(*) from config_country`),
        'select count(*) from config_country',
      )
      assert.match(
        statementOf(
          dialect,
          sql`select * from (${openWalled(dialect).selectFrom('clients_client').select('id')}) as x`,
        ),
        /business_id. = [?$]/,
      )
      for (const raw of [
        sql`select * from clients_client`,
        sql`select 1; select 2`,
        sql`set app.business = 'B'`,
        sql`pragma writable_schema = 1`,
        sql`drop table config_country`,
        sql`do $$ begin end $$`,
        sql`execute x`,
        sql`copy config_country to '/tmp/x'`,
        sql`attach 'x' as y`,
      ])
        assert.throws(() => statementOf(dialect, raw), TenancyError)
    })
  })

describe('raw SQL in the dialects', () => {
  it('may not end a string where only one of two readings ends it', () => {
    assert.throws(() => conditionOf('mysql', sql.raw(String.raw`name = '\' or 1 = 1 or '`)), /escaped quote/)
    assert.throws(() => conditionOf('postgresql', sql.raw(String.raw`name = E'\' or 1 = 1 or '`)), /escaped quote/)
    assert.throws(
      () => conditionOf('postgresql', sql.raw(`name = E'a'\n'b\\'' or 1 = 1 or name = 'x'''`)),
      /escaped quote/,
    )
    assert.ok(conditionOf('postgresql', sql.raw(String.raw`name like 'a\_' escape '\'`)))
    assert.ok(conditionOf('sqlite', sql.raw(String.raw`name like 'a\_' escape '\'`)))
    assert.ok(conditionOf('mysql', sql.raw(String.raw`name like 'a\\_' escape '\\'`)))
  })

  it('may not quote by dollars or Unicode escapes on PostgreSQL, nor comment by a hash on MySQL', () => {
    assert.throws(() => conditionOf('postgresql', sql.raw('name = $$)$$')), /dollar/)
    assert.throws(() => conditionOf('postgresql', sql.raw('name = $tag$)$tag$')), /dollar/)
    assert.throws(
      () => conditionOf('postgresql', sql.raw(String.raw`exists(select 1 from U&"\0063lients_client")`)),
      /Unicode/,
    )
    assert.throws(() => conditionOf('mysql', sql.raw('true # x')), /comment/)
    assert.ok(conditionOf('postgresql', sql.raw(`notes #>> '{a}' = 'b'`)))
  })

  it('is read with the quotes of SQLite, where brackets quote too', () => {
    assert.throws(() => conditionOf('sqlite', sql.raw(`[']) or (1 = 1) or ([']`)), /parenthesis/)
    assert.throws(() => conditionOf('sqlite', sql.raw(`[x`)), /quote open/)
  })

  it('counts a name that PostgreSQL cuts to that of a table', () => {
    const long = 'a'.repeat(63)
    const catalogue = {
      find: () => ({ table: long, scope: 'business', businessColumn: 'business_id' }) as const,
      names: () => [long],
    }
    const db = openWalled('postgresql', 'A', catalogue)
    assert.throws(() => sql`select * from ${sql.raw(`${long}bcd`)}`.compile(db), /it names/)
  })
})
