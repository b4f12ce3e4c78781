import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isReadingVerb, statementVerb } from './statement-verb.ts'

test('the verb is the first word, whatever its case and whatever comments stand before it', () => {
  assert.equal(statementVerb('SELECT 1'), 'select')
  assert.equal(statementVerb('  -- insert\n /* update */ Delete from client'), 'delete')
  assert.equal(statementVerb('pragma foreign_keys = on'), 'pragma')
  assert.equal(statementVerb(''), '')
})

test('the verb of a statement that begins with `with` is that of the statement proper', () => {
  assert.equal(statementVerb('with x as (select 1) select * from x'), 'select')
  assert.equal(statementVerb('with x as (select 1) insert into client select * from x'), 'insert')
  assert.equal(
    statementVerb('with recursive "delete"(n) as (values (1) union select n from t) update c set n = 1'),
    'update',
  )
  assert.equal(statementVerb('with x as not materialized (select 1), y as (select 2) delete from client'), 'delete')
  assert.equal(statementVerb("with x as (select ')' || replace('a', 'b', 'c')) select * from x"), 'select')
})

test('only statements that cannot write count as reading', () => {
  for (const verb of ['select', 'values', 'explain']) assert.ok(isReadingVerb(verb))
  for (const verb of ['insert', 'replace', 'update', 'delete', 'pragma', 'create', 'vacuum', ''])
    assert.ok(!isReadingVerb(verb))
})
