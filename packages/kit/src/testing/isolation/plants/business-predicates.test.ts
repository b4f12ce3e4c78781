import assert from 'node:assert/strict'
import { test } from 'node:test'
import { businessPredicates, withoutPredicates } from './business-predicates.ts'

const SQL =
  'select (select count(*) from "notes" as "c0" where "c0"."business_id" = ? and ("c0"."a" = ?)) as "n" from "notes" as "t0" left join "users" as "t1" on "t1"."id" in (select "m"."user_id" from "m" where "m"."business_id" = ?) left join "tasks" as "t2" on "t2"."business_id" = ? and (1 = 1) where "t0"."business_id" = ? and ("t0"."x" is null)'

test('every predicate of a statement is found, with the place where it stands', () => {
  const found = businessPredicates(SQL).map(({ verb, clause, depth, opener, table }) => [
    verb,
    clause,
    depth,
    opener,
    table,
  ])
  assert.deepEqual(found, [
    ['select', 'where', 1, 'select', 'notes'],
    ['select', 'where', 1, 'in', 'm'],
    ['select', 'on', 0, '', 'notes'],
    ['select', 'where', 0, '', 'notes'],
  ])
})

test('one that is chosen holds nothing any more, and the others stay', () => {
  const loose = withoutPredicates('update `t` set `a` = ? where `t`.`business_id` = ? and (`id` = ?)', () => true)
  assert.equal(loose, 'update `t` set `a` = ? where (`t`.`business_id` = ? or 1 = 1) and (`id` = ?)')
  assert.equal(
    withoutPredicates(SQL, ({ depth }) => depth > 5),
    SQL,
  )
})
