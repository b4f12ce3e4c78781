import assert from 'node:assert/strict'
import { test } from 'node:test'
import { numberText, tableText } from './table.ts'

test('columns are as wide as their widest cell, and numbers stand to the right', () => {
  const rows = [
    ['case', 'requests/s'],
    ['list', '4,600'],
    ['retrieve', '12,000'],
  ]
  assert.equal(
    tableText(rows),
    ['case       requests/s', '--------   ----------', 'list            4,600', 'retrieve       12,000'].join('\n'),
  )
})

test('a missing cell is empty', () => {
  assert.equal(tableText([['a', 'b'], ['1']]), ['a   b', '-   -', '1'].join('\n'))
})

test('numbers have their thousands apart and as many places as asked for', () => {
  assert.equal(numberText(1234.567), '1,235')
  assert.equal(numberText(1.5, 2), '1.50')
})
