import type { FastifyRequest } from 'fastify'
import { refuse } from '../auth/index.ts'
import { ApiError, RecentMap } from '../base/index.ts'
import { type SelectSpec, type Store, selectRows } from '../db/index.ts'
import { envelopeText, type QueryParameters, queryTextOf } from '../http/index.ts'
import type { Endpoint } from './endpoint.ts'
import { filterPaths, filterSet, orderedColumns } from './filter-set.ts'
import { jsonOfRows } from './linked-ids.ts'
import { type ListRequest, type ListRules, readListParameters } from './list-parameters.ts'
import { listParameters } from './parameter-docs.ts'
import type { ViewSet } from './viewset.ts'
import { hookCall, scopeConditions } from './viewset-context.ts'
import { endpointBase, namesOf, type ViewSetPlace } from './viewset-place.ts'

/** Read query strings that are kept ready: clients ask for the same lists again and again. */
const MAX_KEPT = 1000

/** `GET /api/<app>/<resource>/`: a page of rows and their exact number in one statement. */
export function listEndpoint(place: ViewSetPlace): Endpoint {
  const { store, set, outputs, api, restorePermission } = place
  const paths = filterPaths(set, outputs.expandable)
  const rules: ListRules = {
    store,
    set,
    filters: filterSet(store, set, paths),
    orderings: new Set(set.options.ordering ?? orderedColumns(store, set)),
    pageSize: api.pageSize,
    maxPageSize: api.maxPageSize,
    outputNames: namesOf(place, 'list'),
    outputOf: (parameters) => outputs.of('list', parameters),
  }
  const read = keptReader(rules)
  const base = endpointBase(place, 'list')
  if (base.permission.needsObject && !set.options.filterRows) {
    throw new TypeError(
      `${place.path}: the permission "${base.permission.name}" looks at rows, which a list cannot ask one by one: narrow them by filterRows`,
    )
  }
  return {
    ...base,
    method: 'GET',
    path: place.path,
    summary: `List ${set.model.verboseNamePlural}`,
    parameters: listParameters(rules),
    expandable: outputs.expandable,
    body: null,
    answer: {
      status: 200,
      serializer: outputs.serializerOf('list'),
      shape: 'page',
      message: set.options.messages?.list ?? null,
    },
    handle: async (request) => {
      const wanted = read(request)
      if (wanted.spec.deleted !== 'without') {
        const refusal = refuse(restorePermission, { principal: request.principal, action: 'restore', method: 'GET' })
        if (refusal) throw refusal
      }
      return answerList(place, request, wanted)
    },
  }
}

function keptReader(rules: ListRules): (request: FastifyRequest) => ListRequest {
  const kept = new RecentMap<string, ListRequest>(MAX_KEPT)
  return (request) => {
    const key = queryTextOf(request.url)
    const known = kept.get(key)
    if (known) return known
    const wanted = readListParameters(request.query as QueryParameters, rules) // as: the server parses queries so
    if (key.length < 500) kept.set(key, wanted)
    return wanted
  }
}

async function answerList({ store, set }: ViewSetPlace, request: FastifyRequest, wanted: ListRequest): Promise<string> {
  const { spec, output, page, pageSize } = wanted
  const { hasCount } = spec
  const offset = (page - 1) * pageSize
  const rows = set.options.filterRows
    ? await selectRows(request.ctx, narrowed(store, set, { request, spec }))
    : await selectRows(request.ctx, spec, spec)
  if (rows.length === 0 && page > 1) throw new ApiError('not_found', { message: 'Invalid page.' })
  const shown = hasCount ? rows : rows.slice(0, pageSize)
  const json = jsonOfRows(hookCall(request), set.model, output, { rows: shown, hasCount })
  const count = hasCount ? Number(rows[0]?.[0] ?? 0) : null
  const hasNext = count === null ? rows.length > pageSize : offset + shown.length < count
  return envelopeText(`[${typeof json === 'string' ? json : await json}]`, {
    requestId: request.requestId,
    message: set.options.messages?.list,
    paginationJson: paginationText(request, { count, page, pageSize, hasNext }),
  })
}

function narrowed(
  store: Store,
  set: ViewSet,
  { request, spec }: { readonly request: FastifyRequest; readonly spec: SelectSpec },
): SelectSpec {
  return { ...spec, conditions: [...scopeConditions(store, set, hookCall(request)), ...spec.conditions] }
}

interface PageFacts {
  readonly count: number | null
  readonly page: number
  readonly pageSize: number
  readonly hasNext: boolean
}

function paginationText(request: FastifyRequest, { count, page, pageSize, hasNext }: PageFacts): string {
  const total = count === null ? null : Math.max(1, Math.ceil(count / pageSize))
  const next = hasNext ? JSON.stringify(pageUrl(request, page + 1)) : 'null'
  const previous = page > 1 ? JSON.stringify(pageUrl(request, page - 1)) : 'null'
  return `{"count":${count},"page":${page},"page_size":${pageSize},"total_pages":${total},"next":${next},"previous":${previous}}`
}

/** The address of another page, with every other parameter as it came; the first page needs no number. */
function pageUrl(request: FastifyRequest, page: number): string {
  const others = queryTextOf(request.url)
    .split('&')
    .filter((part) => part !== '' && !namesPage(part))
  const parts = page === 1 ? others : [...others, `page=${page}`]
  // The path is the route's: in the request it may come with a host, which is nobody's to choose.
  const path = request.routeOptions.url ?? ''
  return `${request.protocol}://${request.host}${path}${parts.length > 0 ? `?${parts.join('&')}` : ''}`
}

function namesPage(part: string): boolean {
  const [name = ''] = part.split('=', 1)
  return (name.includes('%') ? decodeURIComponent(name) : name) === 'page'
}
