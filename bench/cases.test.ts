import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CASE_NAMES, caseRequests } from './cases.ts'
import { clientRow } from './dataset.ts'

const SIZE = { rows: 1000, businesses: 10 }
const SIGNED_IN = [0, 3, 7].map((business) => ({ business, access: `token-${business}` }))
const REQUESTS = caseRequests(SIGNED_IN, SIZE)

test('every case asks as everybody who is signed in', () => {
  for (const name of CASE_NAMES) {
    const tokens = new Set(REQUESTS[name].map(({ headers }) => headers.authorization))
    assert.deepEqual([...tokens], ['Bearer token-0', 'Bearer token-3', 'Bearer token-7'])
  }
})

test('only clients of the own business are retrieved, each once', () => {
  const owners = new Map(
    Array.from({ length: SIZE.rows }, (_, index) => {
      const { id } = clientRow(index, SIZE)
      return [
        String(`/api/clients/clients/${id}/`),
        `Bearer token-${Math.floor((index * SIZE.businesses) / SIZE.rows)}`,
      ] as const
    }),
  )
  for (const { path, headers } of REQUESTS.retrieve) assert.equal(owners.get(path), headers.authorization)
  assert.equal(new Set(REQUESTS.retrieve.map(({ path }) => path)).size, REQUESTS.retrieve.length)
})

test('a list is filtered and searched by many different queries', () => {
  const paths = REQUESTS.filter.map(({ path }) => path)
  assert.ok(paths.every((path) => /\?status=\w+&search=[\w.]+$/.test(path)))
  assert.ok(new Set(paths).size > 10)
})

test('without anybody signed in there is nothing to ask', () => {
  assert.throws(() => caseRequests([], SIZE), RangeError)
})
