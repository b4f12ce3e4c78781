import type { ProofReport } from './prove.ts'

/** A report in lines, the first of which one can stop at. */
export function reportLines({ database, attacks, seconds, seed, leaks, unproved }: ProofReport): string[] {
  const first = `${database}: ${attacks} attacks in ${seconds.toFixed(1)} s, ${leaks.length} leaks, seed ${seed}`
  const told = leaks.flatMap(({ attack, fault }) => [`  ${attack}`, `    ${fault}`])
  const empty = unproved.length === 0 ? [] : [`  answered nobody well, so nothing is known of: ${unproved.join(', ')}`]
  return [first, ...told, ...empty]
}
