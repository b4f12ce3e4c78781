import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Insert, model, type Row, type Update } from '../models/index.ts'
import { decimal, foreignKey, integer, text } from './index.ts'

const GLOBAL = { scope: 'global', reason: 'A test.' } as const

test('what is computed names fields that are there, and that are not computed themselves', () => {
  const twice = integer().generated('{pieces} * 2')
  assert.throws(
    () => model('sales.Line', { ...GLOBAL, fields: { twice } }),
    /Cannot declare sales.Line.twice: it is computed from "pieces", which is no field of it/,
  )
  const fields = { pieces: integer(), twice, more: integer().generated('{twice} + 1') }
  assert.throws(
    () => model('sales.Line', { ...GLOBAL, fields }),
    /Cannot declare sales.Line.more: it is computed from "twice", which is computed itself/,
  )
})

test('an expression is SQL for each database', () => {
  assert.throws(
    () => integer().generated('1 + 1'),
    /Cannot generate a field from "1 \+ 1" on sqlite: it must be SQL with/,
  )
  const two = { sqlite: '{pieces}', postgresql: '{pieces}' }
  // @ts-expect-error MySQL's is missing
  assert.throws(() => integer().generated(two), /Cannot generate a field from undefined on mysql/)
})

test('what is computed has no default and is no foreign key', () => {
  assert.throws(() => integer().default(1).generated('{pieces}'), /Cannot generate a field that .* has a default/)
  assert.throws(() => integer().generated('{pieces}').default(1), /Cannot give a default to a field that the database/)
  const key = foreignKey('sales.Line', { onDelete: 'cascade' })
  assert.throws(() => key.generated('{pieces}'), /Cannot generate a field that is a foreign key/)
})

test('its type is one that is read and never written', () => {
  const Line = model('sales.Line', {
    ...GLOBAL,
    fields: {
      code: text(),
      price: decimal({ digits: 12, places: 2 }),
      total: decimal({ digits: 12, places: 2 }).generated('{price} * 2'),
    },
  })
  const made: Insert<typeof Line> = { code: 'a', price: '1' }
  // @ts-expect-error nobody writes it
  const wrong: Insert<typeof Line> = { code: 'a', price: '1', total: '2' }
  // @ts-expect-error nor changes it
  const change: Update<typeof Line> = { total: '2' }
  assert.ok(made && wrong && change)
  const read = (row: Row<typeof Line>): string | null => row.total
  // @ts-expect-error what the database makes may be null
  const readText = (row: Row<typeof Line>): string => row.total
  assert.equal(typeof read, typeof readText)
})
