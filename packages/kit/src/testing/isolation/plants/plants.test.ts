import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabases } from '../../../db/index.ts'
import { attackSeed } from '../attack-count.ts'
import { Random } from '../random.ts'
import { plantLines } from '../report.ts'
import { YARD } from '../yard/yard.ts'
import { PLANTS } from './plants.ts'
import { type TryOptions, tryPlants } from './try-plants.ts'

const [source] = testDatabases()
const seed = attackSeed(process.env)
const isThorough = process.env.REQUIRE_SERVICES === '1' || Boolean(process.env.CI)

function garden(): TryOptions {
  assert.ok(source)
  return { target: YARD, source, seed, apps: null }
}

test('the proof turns red for every protection that is taken away', async (t) => {
  const plants = isThorough ? PLANTS : new Random(seed).some(PLANTS, 10)
  const outcomes = await tryPlants({ ...garden(), plants })
  for (const line of plantLines(outcomes)) t.diagnostic(line)
  t.diagnostic(`seed ${seed}`)
  const missed = outcomes.filter(({ verdict }) => verdict === 'missed')
  assert.deepEqual(missed, [])
})

test('there are more than forty of them, each of its own name', () => {
  const names = new Set(PLANTS.map(({ name }) => name))
  assert.equal(names.size, PLANTS.length)
  assert.ok(names.size >= 40, `${names.size}`)
})
