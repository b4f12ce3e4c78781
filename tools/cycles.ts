import { reportProblems } from './problems.ts'
import { isTest, readSources, type Source } from './sources.ts'

type Graph = ReadonlyMap<string, readonly string[]>

/** Import cycles among the files that are not tests, each from its first file round to that file again. */
export function findCycles(sources: readonly Source[]): string[][] {
  const graph = graphOf(sources.filter((source) => !isTest(source.path)))
  const told = new Set<string>()
  const cycles: string[][] = []
  for (const file of graph.keys()) {
    if (told.has(file)) continue
    const cycle = shortestWayBack(file, graph)
    if (!cycle) continue
    for (const member of cycle) told.add(member)
    cycles.push(cycle)
  }
  return cycles
}

function graphOf(sources: readonly Source[]): Graph {
  const known = new Set(sources.map((source) => source.path))
  return new Map(
    sources.map((source) => [
      source.path,
      source.imports.flatMap(({ target }) => (target !== null && known.has(target) ? [target] : [])),
    ]),
  )
}

function shortestWayBack(start: string, graph: Graph): string[] | null {
  const cameFrom = new Map<string, string>()
  const queue = [start]
  for (const file of queue) {
    for (const next of graph.get(file) ?? []) {
      if (next === start) return [...wayTo(file, cameFrom), start]
      if (cameFrom.has(next)) continue
      cameFrom.set(next, file)
      queue.push(next)
    }
  }
  return null
}

function wayTo(file: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const before = cameFrom.get(file)
  return before === undefined ? [file] : [...wayTo(before, cameFrom), file]
}

if (import.meta.main) {
  const cycles = findCycles(readSources(process.cwd()))
  reportProblems(
    'cycles',
    cycles.map((cycle) => cycle.join(' → ')),
    'Move what both files need into a third one. A type-only import counts: it ties the files together for a reader all the same.',
  )
}
