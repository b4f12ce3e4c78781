import {
  AliasNode,
  FunctionNode,
  IdentifierNode,
  type JoinNode,
  type JoinType,
  OnNode,
  type OperationNode,
  ParensNode,
  RawNode,
  SelectQueryNode,
  TableNode,
  WhereNode,
} from 'kysely'
import { allOf, nameOf, predicateFor, selectHeld } from './predicate.ts'
import { findTable, type TenancyTable } from './tenancy-catalogue.ts'
import { TenancyError } from './tenancy-error.ts'
import type { Walk } from './walk.ts'

/** A table among the sources of a query, under the name that the query knows it by. */
export interface TableSource {
  readonly node: TableNode
  readonly table: TenancyTable
  readonly name: string
}

/**
 * The tables and subqueries that one query reads or writes. Each is held as it is added, by the least that holds it:
 * a predicate in `where` or `on`, or, where an outer join would let rows pass such a predicate or make it drop too
 * much, a subquery in place of the table.
 */
export class Sources {
  readonly #walk: Walk
  // A right or full join fills the other side with nulls: a predicate in `where` would drop those rows.
  readonly #hasNullFilled: boolean
  readonly #predicates: OperationNode[] = []
  readonly #names = new Set<string>()
  readonly #boundNames = new Set<string>()

  constructor(walk: Walk, joins: readonly JoinNode[] | undefined) {
    this.#walk = walk
    this.#hasNullFilled = (joins ?? []).some(({ joinType }) => joinType === 'RightJoin' || joinType === 'FullJoin')
  }

  /** Adds an item of `from` or `using`. */
  add(node: OperationNode): OperationNode {
    const source = this.#tableOf(node)
    if (source === undefined) return this.#other(node)
    const predicate = this.#bind(source)
    if (predicate === undefined) return node
    if (this.#hasNullFilled) return derive(node, source.name, predicate)
    this.#predicates.push(predicate)
    return node
  }

  /** Adds the table that an update or a delete changes: the predicate in `where` is what keeps it to its rows. */
  addTarget(node: OperationNode): TableSource {
    const source = this.#tableOf(node, true)
    if (source === undefined) throw new TenancyError(`Cannot change the rows of a ${node.kind}: name a table`)
    const predicate = this.#bind(source)
    if (predicate !== undefined) this.#predicates.push(predicate)
    return source
  }

  join(node: JoinNode): JoinNode {
    const place = Object.hasOwn(JOIN_PLACES, node.joinType) ? JOIN_PLACES[node.joinType] : 'refused'
    if (place === 'refused') throw new TenancyError(`Cannot hold a join of the kind ${node.joinType}: use another`)
    const source = this.#tableOf(node.table)
    const on = node.on && this.#walk.node(node.on)
    if (source === undefined) return { ...node, table: this.#other(node.table), ...(on && { on }) }
    const predicate = this.#bind(source)
    if (predicate === undefined) return { ...node, ...(on && { on }) }
    if (place === 'on' || (place === 'on or where' && on !== undefined))
      return { ...node, on: OnNode.create(allOf([predicate], on?.on) ?? predicate) }
    if (place === 'derived' || this.#hasNullFilled)
      return { ...node, table: derive(node.table, source.name, predicate), ...(on && { on }) }
    this.#predicates.push(predicate)
    return { ...node, ...(on && { on }) }
  }

  hasName(name: string): boolean {
    return this.#names.has(name.toLowerCase())
  }

  /** The query's condition, held as well, after the predicates of all sources that were added. */
  where(node: WhereNode | undefined): WhereNode | undefined {
    const condition = allOf(this.#predicates, node && this.#walk.node(node.where))
    return condition === undefined ? undefined : WhereNode.create(condition)
  }

  #tableOf(node: OperationNode, isTarget = false): TableSource | undefined {
    const inner = AliasNode.is(node) ? node.node : node
    if (!TableNode.is(inner)) return undefined
    const name = AliasNode.is(node) ? aliasNameOf(node) : nameOf(inner)
    // No database writes to a common table expression; SQLite takes its name for a table's, known or not.
    const isCte = !isTarget && inner.table.schema === undefined && this.#walk.isCte(nameOf(inner))
    if (!isCte) return { node: inner, table: getTable(inner, this.#walk), name }
    this.#addName(name)
    return undefined
  }

  #other(node: OperationNode): OperationNode {
    const inner = AliasNode.is(node) ? node.node : node
    if (TableNode.is(inner)) return node
    if (!isSource(inner)) throw new TenancyError(`Cannot read from a ${inner.kind}: name a table, or use a subquery`)
    if (AliasNode.is(node) && IdentifierNode.is(node.alias)) this.#addName(node.alias.name)
    return this.#walk.node(node, 'source')
  }

  #bind(source: TableSource): OperationNode | undefined {
    const predicate = predicateFor(source.table, source.name, this.#walk.wall)
    if (predicate !== undefined) this.#boundNames.add(source.name.toLowerCase())
    this.#addName(source.name)
    return predicate
  }

  // Of two sources of one name, the predicate would hold the one that the database happens to take.
  #addName(name: string): void {
    const lower = name.toLowerCase()
    const isTwice = this.#names.has(lower)
    this.#names.add(lower)
    if (isTwice && this.#boundNames.has(lower))
      throw new TenancyError(`Cannot hold ${name} inside a business: two sources have that name; give one an alias`)
  }
}

type JoinPlace = 'on' | 'on or where' | 'derived' | 'refused'

const JOIN_PLACES: Readonly<Record<JoinType, JoinPlace>> = {
  InnerJoin: 'on or where',
  CrossJoin: 'on or where',
  LeftJoin: 'on',
  // All rows of the right side are kept, whatever `on` says.
  RightJoin: 'derived',
  FullJoin: 'derived',
  LateralInnerJoin: 'derived',
  LateralLeftJoin: 'derived',
  LateralCrossJoin: 'derived',
  OuterApply: 'refused',
  CrossApply: 'refused',
  Using: 'refused',
}

/** @throws {TenancyError} if the catalogue does not have the table */
export function getTable(node: TableNode, { wall }: Walk): TenancyTable {
  const name = nameOf(node)
  const schema = node.table.schema?.name
  const table = SYSTEM_SCHEMA.test(schema ?? '') ? undefined : findTable(wall.catalogue, name)
  if (table !== undefined) return table
  const shown = schema === undefined ? name : `${schema}.${name}`
  throw new TenancyError(`Cannot query ${JSON.stringify(shown)}: no model declares that table`)
}

// A table of theirs may bear the name of one of ours, such as `tables` or `user`.
const SYSTEM_SCHEMA = /^(?:pg_.*|information_schema|performance_schema|mysql|sys)$/i

function aliasNameOf({ alias }: AliasNode): string {
  if (IdentifierNode.is(alias)) return alias.name
  throw new TenancyError('Cannot hold a table whose alias is raw SQL: give it a plain alias')
}

// Anything else could be a table in disguise: `eb.ref('clients').as('c')` is written as `"clients" as "c"`.
function isSource(node: OperationNode): boolean {
  if (ParensNode.is(node)) return SelectQueryNode.is(node.node) || RawNode.is(node.node)
  return SelectQueryNode.is(node) || RawNode.is(node) || FunctionNode.is(node)
}

function derive(node: OperationNode, name: string, predicate: OperationNode): AliasNode {
  return AliasNode.create(selectHeld(node, predicate), IdentifierNode.create(name))
}
