import type { Command } from 'commander'

const FARTHEST = 2

/** What to say of a command that there is not, in Django's words; null if there is nothing to say. */
export function unknownCommandText(program: Command, argv: readonly string[]): string | null {
  const [given] = argv.filter((argument) => !argument.startsWith('-'))
  const names = ['help', ...program.commands.map((command) => command.name())]
  if (given === undefined || names.includes(given)) return null
  const near = names.filter((name) => isNear(given, name))
  const guess = near.length > 0 ? `. Did you mean ${near.join(' or ')}?` : ''
  return `Unknown command: '${given}'${guess}\nType '${program.name()} help' for usage.`
}

function isNear(given: string, name: string): boolean {
  return distance(given.toLowerCase(), name) <= Math.min(FARTHEST, Math.floor(name.length / 3))
}

/** How many letters have to be added, dropped or changed to make one word the other (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1]
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
