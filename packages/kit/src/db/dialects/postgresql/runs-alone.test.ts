import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runsAlone } from './runs-alone.ts'

test('statements that PostgreSQL runs in no transaction are known by their first words', () => {
  for (const sql of [
    'vacuum',
    'VACUUM (analyze) client',
    'create index concurrently client_name on client (name)',
    'create  unique\nindex -- while others write\n concurrently x on client (name)',
    '/* gone by now */ drop index concurrently if exists "client_name"',
    'reindex index concurrently x',
    'create database other',
    'alter system set work_mem = 1',
    'alter table "client" detach partition "client_2025" concurrently',
    'cluster',
    'discard all',
    "commit prepared 'x'",
  ]) {
    assert.ok(runsAlone(sql), sql)
  }
})

test('all others take the business along', () => {
  for (const sql of [
    'create index "concurrently" on client (name)',
    'create table vacuum (id int)',
    'drop index client_name',
    'alter table client add column cluster int',
    'select 1 -- vacuum',
    "insert into note (text) values ('create index concurrently')",
    'commit',
    'discard plans',
    'refresh materialized view concurrently totals',
    'vacuumed()',
    '',
  ]) {
    assert.ok(!runsAlone(sql), sql)
  }
})
