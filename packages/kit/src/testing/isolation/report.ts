import type { PlantOutcome } from './plants/try-plants.ts'
import type { ProofReport } from './prove.ts'

/** A report in lines, the first of which one can stop at. */
export function reportLines({ database, attacks, seconds, seed, leaks, unproved }: ProofReport): string[] {
  const first = `${database}: ${attacks} attacks in ${seconds.toFixed(1)} s, ${leaks.length} leaks, seed ${seed}`
  const told = leaks.flatMap(({ attack, fault }) => [`  ${attack}`, `    ${fault}`])
  const empty = unproved.length === 0 ? [] : [`  answered nobody well, so nothing is known of: ${unproved.join(', ')}`]
  return [first, ...told, ...empty]
}

/** The score of the plants; those that were missed, and those that had nothing to take away, by their names. */
export function plantLines(outcomes: readonly PlantOutcome[]): string[] {
  const of = (verdict: PlantOutcome['verdict']): PlantOutcome[] => outcomes.filter((each) => each.verdict === verdict)
  const [caught, missed, idle] = [of('caught'), of('missed'), of('idle')]
  const score = `plants caught ${caught.length}/${caught.length + missed.length}`
  const told = missed.map(({ name }) => `  missed: without ${name}, nothing turned red`)
  const unused = idle.length === 0 ? [] : [`  of no use here: ${idle.map(({ name }) => name).join('; ')}`]
  return [score, ...told, ...unused]
}
