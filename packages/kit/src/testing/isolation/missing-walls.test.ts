import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testDatabases } from '../../db/index.ts'
import { attackSeed } from './attack-count.ts'
import { NO_APP_WALL, NO_ROW_SECURITY, NO_WALL } from './missing-walls.ts'
import { prove } from './prove.ts'
import { reportLines } from './report.ts'
import { YARD } from './yard/yard.ts'

const source = testDatabases().find(({ name }) => name === 'postgresql')
const seed = attackSeed(process.env)
const isThorough = process.env.REQUIRE_SERVICES === '1' || Boolean(process.env.CI)
const attacks = isThorough ? 2000 : 300

describe('on PostgreSQL each of the two walls', { skip: source === undefined && 'PostgreSQL is not there' }, () => {
  for (const without of [NO_APP_WALL, NO_ROW_SECURITY]) {
    test(`holds by itself: ${without.name}`, async (t) => {
      assert.ok(source)
      const report = await prove({ target: YARD, source, attacks, seed, apps: null, without })
      for (const line of reportLines(report)) t.diagnostic(line)
      assert.deepEqual(report.leaks, [])
    })
  }

  test('is missed where the other is missing as well', async () => {
    assert.ok(source)
    const report = await prove({ target: YARD, source, attacks: 100, seed, apps: null, without: NO_WALL })
    assert.notEqual(report.leaks.length, 0)
  })
})
