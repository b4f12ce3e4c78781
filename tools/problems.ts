/** Ends a check: silent with exit code 0 where there are no problems; else lists them, says what to do, and sets exit code 1. */
export function reportProblems(check: string, problems: readonly string[], remedy: string): void {
  if (problems.length === 0) return
  console.error(`${check}: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`)
  for (const problem of problems) console.error(`  ${problem}`)
  console.error(`What to do: ${remedy}`)
  process.exitCode = 1
}
