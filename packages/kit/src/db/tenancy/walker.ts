import {
  AggregateFunctionNode,
  BinaryOperationNode,
  type CommonTableExpressionNode,
  DeleteQueryNode,
  FunctionNode,
  IdentifierNode,
  InsertQueryNode,
  type OperationNode,
  OperatorNode,
  ParensNode,
  RawNode,
  SelectModifierNode,
  SelectQueryNode,
  TableNode,
  UpdateQueryNode,
  type WithNode,
} from 'kysely'
import { holdDelete } from './delete-rules.ts'
import { holdInsert } from './insert-rules.ts'
import { mapChildren } from './map-children.ts'
import { mustLookBelow } from './node-rules.ts'
import { nameOf } from './predicate.ts'
import { checkRaw } from './raw-check.ts'
import type { RawPlace } from './raw-place.ts'
import { holdSelect } from './select-rules.ts'
import { findTable } from './tenancy-catalogue.ts'
import { TenancyError } from './tenancy-error.ts'
import { checkText } from './text-rules.ts'
import { holdUpdate } from './update-rules.ts'
import type { Walk, WallOptions } from './walk.ts'

// Kysely passes a query through its plugins when it is put into another query, and then again with that one.
const HELD = new WeakMap<OperationNode, WallOptions>()

/** One walk through one query. Whatever it does not know it refuses. */
export class Walker implements Walk {
  readonly wall: WallOptions
  #ctes: string[] = []
  #place: RawPlace = 'expression'
  #isInRaw = false

  constructor(wall: WallOptions) {
    this.wall = wall
  }

  node<Node extends OperationNode>(node: Node, place?: RawPlace): Node {
    // Each rule answers with a node of the kind it was given.
    const held = () => this.#hold(node) as Node
    return place === undefined ? held() : this.#in(place, this.#isInRaw, held)
  }

  rest<Node extends OperationNode>(node: Node, held: { [Key in keyof Node]?: Node[Key] | undefined }): Node {
    return { ...mapChildren(node, (child) => this.#hold(child), held), ...held }
  }

  isCte(name: string): boolean {
    // Exactly: on PostgreSQL "STATS" is not "stats", and the table behind the other name would go unheld.
    return this.#ctes.includes(name)
  }

  #hold(node: OperationNode): OperationNode {
    const isLeaf = !mustLookBelow(node)
    checkText(node, this.wall.dialect)
    if (isLeaf) return node
    if (SelectQueryNode.is(node)) return this.#query(node, holdSelect)
    if (InsertQueryNode.is(node)) return this.#query(node, holdInsert)
    if (UpdateQueryNode.is(node)) return this.#query(node, holdUpdate)
    if (DeleteQueryNode.is(node)) return this.#query(node, holdDelete)
    if (RawNode.is(node)) return this.#raw(node)
    if (BinaryOperationNode.is(node)) requireSet(node)
    if (ParensNode.is(node))
      return this.#in('expression', this.#isInRaw, () => mapChildren(node, (child) => this.#hold(child)))
    if (FunctionNode.is(node) || AggregateFunctionNode.is(node))
      return this.#in('expression', this.#isInRaw, () => mapChildren(node, (child) => this.#argument(child)))
    if (SelectModifierNode.is(node)) return mapChildren(node, (child) => this.#argument(child))
    return mapChildren(node, (child) => this.#hold(child))
  }

  #query<Query extends OperationNode & { readonly with?: WithNode }>(
    node: Query,
    rule: (node: Query, walk: Walk) => Query,
  ): Query {
    if (HELD.get(node) === this.wall) return node
    const outer = this.#ctes
    const held = this.#in('expression', false, () => {
      const ctes = node.with && this.#with(node.with)
      return rule(ctes === undefined ? node : { ...node, with: ctes }, this)
    })
    this.#ctes = outer
    HELD.set(held, this.wall)
    return held
  }

  /**
   * A common table expression may name those before it, and itself if the clause is recursive: the least that all the
   * databases agree on. A name they would not find among these they would look for among the tables.
   */
  #with(node: WithNode): WithNode {
    const expressions = node.expressions.map((expression) => {
      const name = this.#cteName(expression)
      if (node.recursive === true) this.#ctes = [...this.#ctes, name]
      const held = { ...expression, expression: this.node(expression.expression) }
      if (node.recursive !== true) this.#ctes = [...this.#ctes, name]
      return held
    })
    return { ...node, expressions }
  }

  #cteName({ name: { table } }: CommonTableExpressionNode): string {
    const name = nameOf(table)
    if (table.table.schema !== undefined || findTable(this.wall.catalogue, name) !== undefined)
      throw new TenancyError(`Cannot call a common table expression ${name}: a table has that name`)
    return name
  }

  #raw(node: RawNode): RawNode {
    // The outermost raw node is checked with all that it is put together from; an inner one may well be half of a
    // parenthesis. A query inside is a new beginning.
    if (!this.#isInRaw) checkRaw(node, this.#place, this.wall)
    return this.#in(this.#place, true, () => mapChildren(node, (child) => this.#inRaw(child)))
  }

  #inRaw(node: OperationNode): OperationNode {
    // A table or a name by itself has been read with the text around it.
    return TableNode.is(node) || IdentifierNode.is(node) ? node : this.#hold(node)
  }

  #argument(node: OperationNode): OperationNode {
    // `to_json("clients")`, `for update of "clients"`: one of the sources as a whole, and those are held.
    return TableNode.is(node) ? node : this.#hold(node)
  }

  #in<Result>(place: RawPlace, isInRaw: boolean, walk: () => Result): Result {
    const outer = this.#place
    const wasInRaw = this.#isInRaw
    this.#place = place
    this.#isInRaw = isInRaw
    const result = walk()
    this.#place = outer
    this.#isInRaw = wasInRaw
    return result
  }
}

// SQLite reads `x in "clients"` as `x in (select * from clients)`, and Kysely writes `eb.ref('clients')` like that; it
// reads a table as well in `x in "clients" = 1`. So the set must be one that cannot begin with a name.
function requireSet({ operator, rightOperand }: BinaryOperationNode): void {
  if (!OperatorNode.is(operator) || (operator.operator !== 'in' && operator.operator !== 'not in')) return
  if (!SETS.has(rightOperand.kind))
    throw new TenancyError(`Cannot use a ${rightOperand.kind} as the set of an \`in\`: use a list or a subquery`)
}

const SETS: ReadonlySet<string> = new Set([
  'FunctionNode',
  'ParensNode',
  'PrimitiveValueListNode',
  'RawNode',
  'SelectQueryNode',
  'TupleNode',
  'ValueListNode',
  'ValueNode',
])
