import type { OperationNode, OperationNodeKind } from 'kysely'
import { TenancyError } from './tenancy-error.ts'

/**
 * What the wall does with a kind of node: `walk` looks below it, `leaf` has nothing below that could name a table,
 * `placed` may stand only where a rule expects it, `refused` and `schema` are never let through.
 */
export type NodeRule = 'walk' | 'leaf' | 'placed' | 'refused' | 'schema'

// The type makes the compiler ask for a decision when Kysely adds a kind; at run time a kind that is not listed is
// refused. Both, because the Kysely that runs need not be the one that was compiled against.
export const NODE_RULES: Readonly<Record<OperationNodeKind, NodeRule>> = {
  SelectQueryNode: 'walk',
  InsertQueryNode: 'walk',
  UpdateQueryNode: 'walk',
  DeleteQueryNode: 'walk',
  RawNode: 'walk',
  AggregateFunctionNode: 'walk',
  AliasNode: 'walk',
  AndNode: 'walk',
  BinaryOperationNode: 'walk',
  CaseNode: 'walk',
  CastNode: 'walk',
  ColumnUpdateNode: 'walk',
  ExplainNode: 'walk',
  FetchNode: 'walk',
  FunctionNode: 'walk',
  GroupByItemNode: 'walk',
  GroupByNode: 'walk',
  HavingNode: 'walk',
  JSONOperatorChainNode: 'walk',
  JSONPathNode: 'walk',
  JSONReferenceNode: 'walk',
  LimitNode: 'walk',
  ListNode: 'walk',
  OffsetNode: 'walk',
  OnNode: 'walk',
  OrderByItemNode: 'walk',
  OrderByNode: 'walk',
  OrNode: 'walk',
  OverNode: 'walk',
  ParensNode: 'walk',
  PartitionByItemNode: 'walk',
  PartitionByNode: 'walk',
  ReturningNode: 'walk',
  SelectionNode: 'walk',
  SelectModifierNode: 'walk',
  SetOperationNode: 'walk',
  TupleNode: 'walk',
  UnaryOperationNode: 'walk',
  ValueListNode: 'walk',
  ValuesNode: 'walk',
  WhenNode: 'walk',
  WhereNode: 'walk',
  CollateNode: 'leaf',
  ColumnNode: 'leaf',
  DataTypeNode: 'leaf',
  DefaultInsertValueNode: 'leaf',
  IdentifierNode: 'leaf',
  JSONPathLegNode: 'leaf',
  OperatorNode: 'leaf',
  OrActionNode: 'leaf',
  PrimitiveValueListNode: 'leaf',
  // Its table only says to which of the sources, all of them held, the column belongs.
  ReferenceNode: 'leaf',
  SchemableIdentifierNode: 'leaf',
  SelectAllNode: 'leaf',
  ValueNode: 'leaf',
  CommonTableExpressionNameNode: 'placed',
  CommonTableExpressionNode: 'placed',
  FromNode: 'placed',
  JoinNode: 'placed',
  OnConflictNode: 'placed',
  OnDuplicateKeyNode: 'placed',
  TableNode: 'placed',
  UsingNode: 'placed',
  WithNode: 'placed',
  // `merge` writes where it matched, in three ways at once: until someone needs it, it is not worth its holes.
  MatchedNode: 'refused',
  MergeQueryNode: 'refused',
  // Of SQL Server alone.
  OutputNode: 'refused',
  TopNode: 'refused',
  AddColumnNode: 'schema',
  AddConstraintNode: 'schema',
  AddIndexNode: 'schema',
  AddValueNode: 'schema',
  AlterColumnNode: 'schema',
  AlterTableNode: 'schema',
  AlterTypeNode: 'schema',
  CheckConstraintNode: 'schema',
  ColumnDefinitionNode: 'schema',
  CreateIndexNode: 'schema',
  CreateSchemaNode: 'schema',
  CreateTableNode: 'schema',
  CreateTypeNode: 'schema',
  CreateViewNode: 'schema',
  DefaultValueNode: 'schema',
  DropColumnNode: 'schema',
  DropConstraintNode: 'schema',
  DropIndexNode: 'schema',
  DropSchemaNode: 'schema',
  DropTableNode: 'schema',
  DropTypeNode: 'schema',
  DropViewNode: 'schema',
  ForeignKeyConstraintNode: 'schema',
  GeneratedNode: 'schema',
  ModifyColumnNode: 'schema',
  PrimaryKeyConstraintNode: 'schema',
  ReferencesNode: 'schema',
  RefreshMaterializedViewNode: 'schema',
  RenameColumnNode: 'schema',
  RenameConstraintNode: 'schema',
  RenameValueNode: 'schema',
  UniqueConstraintNode: 'schema',
}

/**
 * Whether there may be something below the node.
 *
 * @throws {TenancyError} if the node may not stand in a query, or not here
 */
export function mustLookBelow(node: OperationNode): boolean {
  const rule = Object.hasOwn(NODE_RULES, node.kind) ? NODE_RULES[node.kind] : undefined
  if (rule === 'walk') return true
  if (rule === 'leaf') return false
  if (rule === 'schema')
    throw new TenancyError(`Cannot change the schema in a query (${node.kind}): that belongs in a migration`)
  if (rule === 'placed') throw new TenancyError(`Cannot use a ${node.kind} as an expression; for a column, use a ref`)
  throw new TenancyError(`Cannot hold a ${node.kind} inside a business: write the query with another construct`)
}
