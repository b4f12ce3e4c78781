import type { OperationNode, QueryCompiler } from 'kysely'
import type { DialectName } from '../dialects/index.ts'
import type { RawPlace } from './raw-place.ts'
import type { TenancyCatalogue } from './tenancy-catalogue.ts'

export interface WallOptions {
  readonly catalogue: TenancyCatalogue
  /**
   * What is bound in the place of the business: its id, or any marker that the caller will replace by an id.
   * `null`: there is no business in the context.
   */
  readonly business: unknown
  /** Of the dialect; raw SQL is flattened to text with it. */
  readonly compiler: QueryCompiler
  readonly dialect: DialectName
}

/** The walk through a query's tree, as the rules for one kind of query see it. */
export interface Walk {
  readonly wall: WallOptions
  /** The node with everything below it held inside the business. Raw SQL right below it stands in `place`. */
  node<Node extends OperationNode>(node: Node, place?: RawPlace): Node
  /** Walks what is not yet held: takes the keys of `held` as they are. */
  rest<Node extends OperationNode>(node: Node, held: { [Key in keyof Node]?: Node[Key] | undefined }): Node
  isCte(name: string): boolean
}
