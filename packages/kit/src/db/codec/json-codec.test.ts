import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { boolean, datetime, integer, text } from '../fields/index.ts'
import { compileJsonCodec } from './json-codec.ts'

const asJson = (value: string): unknown => JSON.parse(`[${value}]`)

describe('a codec', () => {
  test('writes rows as JSON objects joined by commas', () => {
    const codec = compileJsonCodec(
      [
        { key: 'name', index: 1, kind: text().kind, nullable: false },
        { key: 'size', index: 0, kind: integer().kind, nullable: true },
      ],
      'postgresql',
    )
    assert.equal(codec([]), '')
    assert.equal(
      codec([
        ['5', 'a'],
        [null, 'b'],
      ]),
      '{"name":"a","size":5},{"name":"b","size":null}',
    )
  })

  test('escapes any text, in values and in names', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 120 }),
        fc.string({ unit: 'binary', minLength: 1 }),
        (value, key) => {
          const codec = compileJsonCodec([{ key: `k${key}`, index: 0, kind: text().kind, nullable: false }], 'sqlite')
          assert.deepEqual(asJson(codec([[value]])), [{ [`k${key}`]: value }])
        },
      ),
    )
  })

  test('writes an object within where there is one, and flags', () => {
    const inner = [{ key: 'id', index: 1, kind: text().kind, nullable: false }]
    const codec = compileJsonCodec(
      [
        { key: 'owner', index: 1, members: inner },
        { key: 'is_deleted', index: 0, isFlag: true },
      ],
      'sqlite',
    )
    assert.deepEqual(
      asJson(
        codec([
          [null, null],
          ['x', 'u'],
        ]),
      ),
      [
        { owner: null, is_deleted: false },
        { owner: { id: 'u' }, is_deleted: true },
      ],
    )
  })

  test('knows the form that each driver gives', () => {
    const members = [
      { key: 'at', index: 0, kind: datetime().kind, nullable: false },
      { key: 'ok', index: 1, kind: boolean().kind, nullable: false },
    ]
    const wanted = [{ at: '2026-01-31T09:30:00.5Z', ok: true }]
    assert.deepEqual(asJson(compileJsonCodec(members, 'postgresql')([['2026-01-31 09:30:00.5+00', 't']])), wanted)
    assert.deepEqual(asJson(compileJsonCodec(members, 'mysql')([['2026-01-31 09:30:00.500000', 1]])), wanted)
    assert.deepEqual(asJson(compileJsonCodec(members, 'sqlite')([['2026-01-31 09:30:00.5', 1]])), wanted)
  })
})
