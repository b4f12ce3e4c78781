import type {
  KyselyPlugin,
  PluginTransformQueryArgs,
  PluginTransformResultArgs,
  QueryResult,
  RootOperationNode,
  UnknownRow,
} from 'kysely'
import type { WallOptions } from './walk.ts'
import { holdInsideBusiness } from './wall.ts'

/**
 * The wall as a Kysely plugin. Kysely's `withoutPlugins()` takes it off again: where the instance is handed to others,
 * use {@link WalledCompiler}.
 */
export class TenancyPlugin implements KyselyPlugin {
  readonly #options: WallOptions

  constructor(options: WallOptions) {
    this.#options = options
  }

  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    return holdInsideBusiness(node, this.#options)
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return result
  }
}
