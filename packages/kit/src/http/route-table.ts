import type { RouteOptions } from 'fastify'

interface Node {
  readonly children: Map<string, Node>
  readonly methods: Set<string>
}

const METHOD_ORDER = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'QUERY', 'TRACE']
const PARAMETER = ':'
const WILDCARD = '*'

/** Knows which methods each path answers, so that a path called with another one is told from one that does not exist. */
export class RouteTable {
  readonly #root: Node = createNode()

  add({ url, method }: Pick<RouteOptions, 'url' | 'method'>): void {
    let node = this.#root
    for (const segment of segmentsOf(url)) node = childOf(node, kindOf(segment))
    for (const name of [method].flat()) node.methods.add(name)
  }

  /** The methods of the path, `OPTIONS` among them, in the order of an `Allow` header. None: there is no such path. */
  methodsOf(path: string): readonly string[] {
    const found = new Set<string>()
    collect(this.#root, segmentsOf(path), found)
    if (found.size === 0) return []
    found.add('OPTIONS')
    return [...found].sort((a, b) => METHOD_ORDER.indexOf(a) - METHOD_ORDER.indexOf(b))
  }
}

function createNode(): Node {
  return { children: new Map(), methods: new Set() }
}

function segmentsOf(path: string): readonly string[] {
  const trimmed = path.replace(/^\//, '').replace(/\/$/, '')
  return trimmed === '' ? [] : trimmed.split('/')
}

function kindOf(segment: string): string {
  if (segment === WILDCARD) return WILDCARD
  return segment.includes(':') ? PARAMETER : segment
}

function childOf(node: Node, name: string): Node {
  const child = node.children.get(name) ?? createNode()
  node.children.set(name, child)
  return child
}

function collect(node: Node, segments: readonly string[], found: Set<string>): void {
  const [segment, ...rest] = segments
  for (const method of node.children.get(WILDCARD)?.methods ?? []) found.add(method)
  if (segment === undefined) {
    for (const method of node.methods) found.add(method)
    return
  }
  const named = segment === WILDCARD || segment === PARAMETER ? undefined : node.children.get(segment)
  const parameter = segment === '' ? undefined : node.children.get(PARAMETER)
  if (named !== undefined) collect(named, rest, found)
  if (parameter !== undefined) collect(parameter, rest, found)
}
