import type { Permission } from '../auth/index.ts'
import type { Store } from '../db/index.ts'
import type { Endpoint } from './endpoint.ts'
import { type OutputNames, shownNames } from './output-names.ts'
import { permissionFor, type StandardAction, type ViewSet } from './viewset.ts'
import type { ViewSetOutputs } from './viewset-outputs.ts'

export interface ApiLimits {
  readonly pageSize: number
  readonly maxPageSize: number
}

/** A viewset where it is mounted. */
export interface ViewSetPlace {
  readonly store: Store
  readonly set: ViewSet
  readonly app: string
  /** The end of its address: `clients`, `2fa/passkeys`. */
  readonly resource: string
  /** `/api/clients/clients/` */
  readonly path: string
  readonly outputs: ViewSetOutputs
  readonly api: ApiLimits
  /** Who may see and restore deleted rows. */
  readonly restorePermission: Permission
  /** Every viewset that is served. */
  readonly served: readonly ViewSet[]
}

type EndpointBase = Pick<
  Endpoint,
  'operation' | 'action' | 'tag' | 'description' | 'permission' | 'expandable' | 'errors' | 'model' | 'lookup'
>

export function endpointBase(place: ViewSetPlace, action: StandardAction): EndpointBase {
  const { set, app, restorePermission } = place
  return {
    operation: operationOf(place, action),
    action,
    tag: app,
    description: set.options.description ?? null,
    permission: permissionFor(set, action, restorePermission),
    errors: [],
    expandable: {},
    model: set.model,
    ...(set.options.lookup !== undefined && { lookup: set.options.lookup }),
  }
}

/** The id of an operation: a name, as generated clients have a function for each. */
export function operationOf({ app, resource }: Pick<ViewSetPlace, 'app' | 'resource'>, action: string): string {
  return `${app}_${resource.replaceAll('/', '_')}_${action}`
}

/** What `fields` and `expand` of an action may name. */
export function namesOf({ outputs }: ViewSetPlace, action: StandardAction): OutputNames {
  const expandable = Object.entries(outputs.expandable)
  return {
    shown: shownNames(outputs.serializerOf(action)),
    expandable: expandable.map(([name]) => name),
    hasLists: expandable.some(([, { relation }]) => relation !== null && !relation.isOne),
  }
}
