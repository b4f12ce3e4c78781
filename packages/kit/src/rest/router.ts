import { atLeast } from '../auth/index.ts'
import type { Store } from '../db/index.ts'
import { actionEndpoint } from './action-endpoint.ts'
import { destroyEndpoint, restoreEndpoint, retrieveEndpoint } from './detail-endpoints.ts'
import type { Endpoint } from './endpoint.ts'
import { listEndpoint } from './list-endpoint.ts'
import type { View } from './view.ts'
import { permissionFor, STANDARD_ACTIONS, type StandardAction, type ViewSet } from './viewset.ts'
import { viewSetOutputs } from './viewset-outputs.ts'
import type { ApiLimits, ViewSetPlace } from './viewset-place.ts'
import { createEndpoint, updateEndpoints } from './write-endpoints.ts'

/** The addresses of one app: its viewsets by the end of their address (`clients`, `2fa/passkeys`), and its views. */
export interface Router {
  readonly app: string
  readonly viewsets: Readonly<Record<string, ViewSet>>
  readonly views: readonly View[]
}

/**
 * Declares the addresses of an app. `router('clients', { clients: ClientViewSet })` serves `/api/clients/clients/`;
 * `router('account', [login, logout])` serves each view at its own path below `/api/account/`.
 *
 * @throws {TypeError} if a name cannot stand in an address
 */
export function router(
  app: string,
  entries: readonly View[] | Readonly<Record<string, ViewSet>>,
  views: readonly View[] = [],
): Router {
  const viewsets = Array.isArray(entries) ? {} : (entries as Readonly<Record<string, ViewSet>>) // as: else it is a list
  if (!/^[a-z][a-z0-9_-]*$/.test(app)) throw new TypeError(`Cannot route "${app}": ${NAME_RULE}`)
  for (const name of Object.keys(viewsets)) {
    if (!/^[a-z0-9][a-z0-9_-]*(\/[a-z0-9][a-z0-9_-]*)*$/.test(name)) {
      throw new TypeError(`Cannot route "${name}": ${NAME_RULE}, in parts between slashes`)
    }
  }
  return { app, viewsets, views: Array.isArray(entries) ? entries : views }
}

const NAME_RULE = 'small letters, digits, - and _ only'

export interface ApiOptions {
  readonly store: Store
  readonly limits: ApiLimits
}

/** All endpoints of the routers, in the order in which they are declared. @throws {TypeError} if two share a method and address */
export function endpointsOf(routers: readonly Router[], { store, limits }: ApiOptions): Endpoint[] {
  const served = routers.flatMap(({ viewsets }) => Object.values(viewsets))
  const endpoints = routers.flatMap(({ app, viewsets, views }) => [
    ...views.map((view) => view.endpoint(app)),
    ...Object.entries(viewsets).flatMap(([resource, set]) =>
      viewSetEndpoints(store, limits, { app, resource, set, served }),
    ),
  ])
  const seen = new Set<string>()
  for (const { method, path } of endpoints) {
    const address = `${method} ${path}`
    if (seen.has(address)) throw new TypeError(`Two endpoints share the address ${address}`)
    seen.add(address)
  }
  return endpoints
}

interface Mounted {
  readonly app: string
  readonly resource: string
  readonly set: ViewSet
  readonly served: readonly ViewSet[]
}

function viewSetEndpoints(store: Store, api: ApiLimits, { app, resource, set, served }: Mounted): Endpoint[] {
  const place: ViewSetPlace = {
    store,
    set,
    app,
    resource,
    api,
    path: `/api/${app}/${resource}/`,
    outputs: viewSetOutputs(store, set, `${app}/${resource}`),
    served,
    restorePermission: permissionFor(set, 'restore', atLeast('manager')),
  }
  const wanted = set.options.only ?? STANDARD_ACTIONS
  const actions = Object.entries(set.options.actions ?? {}).map(([name, action]) => actionEndpoint(place, name, action))
  return [
    ...STANDARD_ACTIONS.filter((action) => wanted.includes(action)).flatMap((action) =>
      standardEndpoint(place, action),
    ),
    ...actions,
  ]
}

function standardEndpoint(place: ViewSetPlace, action: StandardAction): readonly Endpoint[] {
  switch (action) {
    case 'list':
      return [listEndpoint(place)]
    case 'retrieve':
      return [retrieveEndpoint(place)]
    case 'create':
      return [createEndpoint(place)]
    case 'update':
      return [updateEndpoints(place)[0]]
    case 'partial_update':
      return [updateEndpoints(place)[1]]
    case 'destroy':
      return [destroyEndpoint(place)]
    case 'restore':
      return place.set.model.hasSoftDelete ? [restoreEndpoint(place)] : []
  }
}
