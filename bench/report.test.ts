import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CASE_NAMES } from './cases.ts'
import { type CaseMeasurement, figuresOf, goalsOf, type Round } from './measurements.ts'
import { reportJson, reportText } from './report.ts'

const measured = (requestsPerSecond: number): CaseMeasurement => ({
  count: requestsPerSecond * 5,
  requestsPerSecond,
  p50Ms: 8,
  p99Ms: 20,
  cpuSecondsPer1000: 0.25,
})

const round = (requestsPerSecond: number, rest: Partial<Round> = {}): Round => {
  const each = measured(requestsPerSecond)
  return {
    cases: { list: each, filter: each, retrieve: each, create: each },
    readyMs: 800,
    residentMegabytes: 120,
    ...rest,
  }
}

test('figures are medians over the rounds, and of the memory the most', () => {
  const rounds = [round(10), round(30, { residentMegabytes: 150, readyMs: 500 }), round(20, { readyMs: 900 })]
  const { cases, readyMs, residentMegabytes } = figuresOf(rounds)
  assert.equal(cases.list.requestsPerSecond, 20)
  assert.equal(readyMs, 800)
  assert.equal(residentMegabytes, 150)
})

test('a goal is met from its very value on', () => {
  const goals = goalsOf(
    figuresOf([round(130, { residentMegabytes: 180, readyMs: 1501 })]),
    figuresOf([round(100)]),
    'baseline',
  )
  assert.deepEqual(
    goals.map(({ name, isMet }) => [name, isMet]),
    [
      ['list', true],
      ['filter', true],
      ['retrieve', true],
      ['create', true],
      ['RSS, MB', true],
      ['ready, ms', false],
    ],
  )
})

test('the table shows both servers, the ratio and, loudly, what is below its goal', () => {
  const text = reportText({
    ours: figuresOf([round(1000)]),
    baseline: figuresOf([round(1000)]),
    database: 'postgresql',
    against: 'baseline',
  })
  assert.match(text, /^list +ours +1,000 +8\.0 +20\.0 +0\.250 +1\.00 +≥ 1\.3 !!$/m)
  assert.match(text, /^list +baseline +1,000 +8\.0 +20\.0 +0\.250$/m)
  assert.match(text, /^!! BELOW THE GOAL: list is 1\.00, wanted 1\.30$/m)
  assert.doesNotMatch(text, /BELOW THE GOAL: retrieve/)
})

test('beside ours without row-level security, ours is to reach nine tenths', () => {
  const [ours, baseline] = [figuresOf([round(880)]), figuresOf([round(1000)])]
  const text = reportText({ ours, baseline, database: 'postgresql', against: 'without rls' })
  assert.match(text, /^list +without rls +1,000 /m)
  assert.match(text, /^!! BELOW THE GOAL: list is 0\.88, wanted 0\.90$/m)
  assert.equal(goalsOf(figuresOf([round(900)]), baseline, 'without rls')[0]?.isMet, true)
})

test('nothing is said to be below a goal when all are met', () => {
  const text = reportText({
    ours: figuresOf([round(2000)]),
    baseline: figuresOf([round(1000)]),
    database: 'postgresql',
    against: 'baseline',
  })
  assert.match(text, /Every goal is met\.$/)
  assert.doesNotMatch(text, /!!/)
})

test('the JSON has the requests/s of every case and what ours takes', () => {
  const json = reportJson({
    ours: figuresOf([round(1500)]),
    baseline: figuresOf([round(1000)]),
    database: 'sqlite',
    against: 'baseline',
  })
  assert.deepEqual(
    json.cases,
    CASE_NAMES.map((name) => ({ name, ours: 1500, baseline: 1000, ratio: 1.5 })),
  )
  assert.deepEqual([json.rss_mb, json.ready_ms, json.database], [120, 800, 'sqlite'])
})
