import type { OperationNode } from 'kysely'

/** Whether a property of a node is a node. */
export function isNode(value: unknown): value is OperationNode {
  return typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string'
}

/**
 * Passes every node right below `node` through `map`, and copies only if one changed. It goes by what the object
 * holds, not by a list of properties: a property that a newer Kysely adds to a node is walked as well.
 */
export function mapChildren<Node extends OperationNode>(
  node: Node,
  map: (child: OperationNode) => OperationNode,
  skip?: object,
): Node {
  let copy: Record<string, unknown> | undefined
  for (const [key, value] of Object.entries(node)) {
    if (skip !== undefined && key in skip) continue
    const mapped = Array.isArray(value) ? mapList(value, map) : isNode(value) ? map(value) : value
    if (mapped === value) continue
    copy ??= {}
    copy[key] = mapped
  }
  return copy === undefined ? node : { ...node, ...copy }
}

function mapList(list: readonly unknown[], map: (child: OperationNode) => OperationNode): readonly unknown[] {
  let copy: unknown[] | undefined
  for (const [index, item] of list.entries()) {
    const mapped = isNode(item) ? map(item) : item
    if (mapped === item) continue
    copy ??= [...list]
    copy[index] = mapped
  }
  return copy ?? list
}
