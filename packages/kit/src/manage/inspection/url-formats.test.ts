import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { formatUrls, type ServedUrl } from './url-formats.ts'

const URLS: readonly ServedUrl[] = [
  { method: 'GET', path: '/api/a/', name: 'a_list', permission: 'isMember' },
  { method: 'DELETE', path: '/api/a/{id}/', name: 'a_destroy', permission: 'atLeast(manager)' },
]

describe('the formats of show_urls', () => {
  test('aligned puts the parts below each other', () => {
    assert.equal(
      formatUrls(URLS, 'aligned'),
      ['GET     /api/a/       a_list     isMember', 'DELETE  /api/a/{id}/  a_destroy  atLeast(manager)'].join('\n'),
    )
  })

  test('table has headings and rules', () => {
    assert.equal(
      formatUrls(URLS, 'table'),
      [
        '| METHOD | URL          | NAME      | PERMISSION       |',
        '|--------|--------------|-----------|------------------|',
        '| GET    | /api/a/      | a_list    | isMember         |',
        '| DELETE | /api/a/{id}/ | a_destroy | atLeast(manager) |',
      ].join('\n'),
    )
  })

  test('dense, verbose and JSON say the same', () => {
    assert.equal(formatUrls(URLS, 'dense').split('\n')[0], 'GET\t/api/a/\ta_list\tisMember')
    assert.match(formatUrls(URLS, 'verbose'), /^\/api\/a\/\n\tMethod: GET\n\tName: a_list\n\tPermission: isMember\n\n/)
    assert.deepEqual(JSON.parse(formatUrls(URLS, 'json')), URLS)
    assert.deepEqual(JSON.parse(formatUrls(URLS, 'pretty-json')), URLS)
  })
})
