/** An arrow of a graph; `name` tells apart several between the same two. */
export interface Edge {
  readonly from: string
  readonly to: string
  readonly name: string
}

/** The fewest edges, in the order of a walk along them, without which no edge leads back to where it came from. */
export function cutCycles(nodes: readonly string[], edges: readonly Edge[]): Set<Edge> {
  const outgoing = Map.groupBy(edges, (edge) => edge.from)
  const finished = new Set<string>()
  const entered = new Set<string>()
  const cut = new Set<Edge>()
  const visit = (node: string): void => {
    entered.add(node)
    for (const edge of outgoing.get(node) ?? []) {
      if (finished.has(edge.to) || edge.to === node) continue
      if (entered.has(edge.to)) cut.add(edge)
      else visit(edge.to)
    }
    finished.add(node)
  }
  for (const node of nodes) if (!entered.has(node)) visit(node)
  return cut
}
