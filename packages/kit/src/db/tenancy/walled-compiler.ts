import type { CompiledQuery, QueryCompiler, QueryId, RootOperationNode } from 'kysely'
import type { WallOptions } from './walk.ts'
import { holdInsideBusiness } from './wall.ts'

/**
 * A query compiler that makes no SQL but what is held inside the business. Unlike a plugin it cannot be taken off a
 * Kysely instance. A driver that runs only what {@link WalledCompiler.hasCompiled} says yes to also closes the last
 * way round: `db.executeQuery(CompiledQuery.raw(…))`.
 */
export class WalledCompiler implements QueryCompiler {
  readonly #options: WallOptions
  readonly #compiled = new WeakSet<CompiledQuery>()

  constructor(options: WallOptions) {
    this.#options = options
  }

  compileQuery(node: RootOperationNode, queryId: QueryId): CompiledQuery {
    const compiled = this.#options.compiler.compileQuery(holdInsideBusiness(node, this.#options), queryId)
    this.#compiled.add(compiled)
    return compiled
  }

  hasCompiled(query: CompiledQuery): boolean {
    return this.#compiled.has(query)
  }
}
