import { CASE_NAMES } from './cases.ts'
import { type Figures, goalsOf, ratioOf } from './measurements.ts'
import type { BenchSettings } from './settings.ts'
import { numberText, tableText } from './table.ts'

export interface Result {
  readonly ours: Figures
  readonly baseline: Figures
  readonly database: string
  readonly against: BenchSettings['against']
}

/** What a person reads at the end of a run. */
export function reportText({ ours, baseline, against }: Result): string {
  const goals = goalsOf(ours, baseline, against)
  const missed = goals.filter(({ isMet }) => !isMet)
  const lines = missed.map(
    ({ name, value, wanted }) =>
      `!! BELOW THE GOAL: ${name} is ${numberText(value, 2)}, wanted ${numberText(wanted, 2)}`,
  )
  const verdict = missed.length === 0 ? ['Every goal is met.'] : lines
  return [casesTable({ ours, baseline, against }), '', processTable({ ours, baseline, against }), '', ...verdict].join(
    '\n',
  )
}

/** What a program reads. Of a case: requests/s. */
export function reportJson({ ours, baseline, database }: Result) {
  const round = (value: number, places: number): number => Number(value.toFixed(places))
  return {
    cases: CASE_NAMES.map((name) => ({
      name,
      ours: round(ours.cases[name].requestsPerSecond, 0),
      baseline: round(baseline.cases[name].requestsPerSecond, 0),
      ratio: round(ratioOf(name, ours, baseline), 3),
    })),
    rss_mb: round(ours.residentMegabytes, 1),
    ready_ms: round(ours.readyMs, 0),
    database,
  }
}

type Sides = Pick<Result, 'ours' | 'baseline' | 'against'>

function casesTable({ ours, baseline, against }: Sides): string {
  const goals = goalsOf(ours, baseline, against)
  const head = ['case', 'server', 'requests/s', 'p50 ms', 'p99 ms', 'CPU s/1,000', 'ratio', 'goal']
  const rows = CASE_NAMES.flatMap((name) => {
    const goal = goals.find((each) => each.name === name)
    const ratio = numberText(ratioOf(name, ours, baseline), 2)
    const wanted = `≥ ${numberText(goal?.wanted ?? 0, 1)} ${goal?.isMet ? 'ok' : '!!'}`
    return [caseRow(name, 'ours', ours, [ratio, wanted]), caseRow(name, against, baseline, [])]
  })
  return tableText([head, ...rows])
}

function caseRow(
  name: (typeof CASE_NAMES)[number],
  server: string,
  figures: Figures,
  rest: readonly string[],
): string[] {
  const { requestsPerSecond, p50Ms, p99Ms, cpuSecondsPer1000 } = figures.cases[name]
  const numbers = [
    numberText(requestsPerSecond),
    numberText(p50Ms, 1),
    numberText(p99Ms, 1),
    numberText(cpuSecondsPer1000, 3),
  ]
  return [name, server, ...numbers, ...rest]
}

function processTable({ ours, baseline, against }: Sides): string {
  const goals = goalsOf(ours, baseline, against)
  const goalText = (name: string): string => {
    const goal = goals.find((each) => each.name === name)
    return `≤ ${numberText(goal?.wanted ?? 0)} ${goal?.isMet ? 'ok' : '!!'}`
  }
  return tableText([
    ['process', 'ours', against, 'goal of ours'],
    [
      'RSS after load, MB',
      numberText(ours.residentMegabytes),
      numberText(baseline.residentMegabytes),
      goalText('RSS, MB'),
    ],
    ['start to ready, ms', numberText(ours.readyMs), numberText(baseline.readyMs), goalText('ready, ms')],
  ])
}
