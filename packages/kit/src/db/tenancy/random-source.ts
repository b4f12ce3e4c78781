import {
  AliasNode,
  AndNode,
  BinaryOperationNode,
  ColumnNode,
  IdentifierNode,
  type OperationNode,
  OperatorNode,
  ReferenceNode,
  SelectionNode,
  type SelectQueryNode,
  TableNode,
} from 'kysely'
import type { ChoiceTape } from './choice-tape.ts'

export const TABLES = [
  'clients_client',
  'clients_order',
  'business_membership',
  'account_user',
  'config_country',
] as const

/** A source of rows under a name; all sources have the columns `id`, `name` and `credit`. */
export interface RandomSource {
  readonly node: OperationNode
  readonly name: string
  readonly isScoped: boolean
}

/** What makes selects for the expressions that hold them. */
export interface SelectMaker {
  readonly tape: ChoiceTape
  rows(depth: number, outer?: readonly RandomSource[]): SelectQueryNode
  source(depth: number): RandomSource
}

export function column(source: RandomSource, name: string): ReferenceNode {
  return ReferenceNode.create(ColumnNode.create(name), TableNode.create(source.name))
}

export function named(node: OperationNode, name: string): SelectionNode {
  return SelectionNode.create(AliasNode.create(node, IdentifierNode.create(name)))
}

export function comparison(
  left: OperationNode,
  operator: '=' | '>' | 'in' | 'like',
  right: OperationNode,
): OperationNode {
  return BinaryOperationNode.create(left, OperatorNode.create(operator), right)
}

export function both(left: OperationNode, right: OperationNode): OperationNode {
  return AndNode.create(left, right)
}

export function aliased(node: OperationNode, name: string, isScoped: boolean): RandomSource {
  return { node: AliasNode.create(node, IdentifierNode.create(name)), name, isScoped }
}
