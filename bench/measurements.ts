import { CASE_NAMES, type CaseName } from './cases.ts'
import type { Driven } from './drive.ts'
import type { BenchSettings } from './settings.ts'
import { median } from './statistics.ts'

type Against = BenchSettings['against']

/** One case, driven once. */
export interface CaseMeasurement extends Driven {
  readonly cpuSecondsPer1000: number
}

/** All that was seen of a server in one round. */
export interface Round {
  readonly cases: Readonly<Record<CaseName, CaseMeasurement>>
  readonly readyMs: number
  readonly residentMegabytes: number
}

export type CaseFigures = Omit<CaseMeasurement, 'count'>

/** Medians over the rounds; of the memory the most. */
export interface Figures {
  readonly cases: Readonly<Record<CaseName, CaseFigures>>
  readonly readyMs: number
  readonly residentMegabytes: number
}

export interface Goal {
  readonly name: string
  readonly value: number
  readonly wanted: number
  readonly isMet: boolean
}

/** What ours is to reach: times the requests/s of the other server, megabytes and milliseconds. */
const LEAST_RATIOS: Readonly<Record<Against, Readonly<Record<CaseName, number>>>> = {
  baseline: { list: 1.3, filter: 1.1, retrieve: 0.8, create: 0.7 },
  'without rls': { list: 0.9, filter: 0.9, retrieve: 0.9, create: 0.9 },
}
const MOST_MEGABYTES = 180
const MOST_READY_MS = 1500

/** @throws {RangeError} if there is no round */
export function figuresOf(rounds: readonly Round[]): Figures {
  const figureOf = (name: CaseName): CaseFigures => {
    const middle = (key: keyof CaseFigures) => median(rounds.map(({ cases }) => cases[name][key]))
    return {
      requestsPerSecond: middle('requestsPerSecond'),
      p50Ms: middle('p50Ms'),
      p99Ms: middle('p99Ms'),
      cpuSecondsPer1000: middle('cpuSecondsPer1000'),
    }
  }
  return {
    cases: {
      list: figureOf('list'),
      filter: figureOf('filter'),
      retrieve: figureOf('retrieve'),
      create: figureOf('create'),
    },
    readyMs: median(rounds.map(({ readyMs }) => readyMs)),
    residentMegabytes: Math.max(...rounds.map(({ residentMegabytes }) => residentMegabytes)),
  }
}

/** How many times the requests/s of the baseline. */
export function ratioOf(name: CaseName, ours: Figures, baseline: Figures): number {
  return ours.cases[name].requestsPerSecond / baseline.cases[name].requestsPerSecond
}

export function goalsOf(ours: Figures, baseline: Figures, against: Against): Goal[] {
  const ratios = CASE_NAMES.map((name): Goal => {
    const value = ratioOf(name, ours, baseline)
    const wanted = LEAST_RATIOS[against][name]
    return { name, value, wanted, isMet: value >= wanted }
  })
  const { residentMegabytes, readyMs } = ours
  return [
    ...ratios,
    { name: 'RSS, MB', value: residentMegabytes, wanted: MOST_MEGABYTES, isMet: residentMegabytes <= MOST_MEGABYTES },
    { name: 'ready, ms', value: readyMs, wanted: MOST_READY_MS, isMet: readyMs <= MOST_READY_MS },
  ]
}
