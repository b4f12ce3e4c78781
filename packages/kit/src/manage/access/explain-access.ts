import { type Principal, refuse, refuseObject } from '../../auth/index.ts'
import { type AnyModel, type Context, columnNamed, Problem } from '../../db/index.ts'
import type { Endpoint, Router } from '../../rest/index.ts'
import type { Accounts } from '../project.ts'
import { accountModels } from './account-models.ts'
import { Explaining, type Explanation } from './explanation.ts'
import { type AskerOptions, contextOf, findAsker } from './find-asker.ts'
import { matchEndpoint } from './match-endpoint.ts'

export interface AccessQuestion extends AskerOptions {
  readonly method: string
  readonly path: string
}

export interface AccessParts {
  /** Outside any business. */
  readonly ctx: Context
  readonly accounts: Accounts
  readonly endpoints: readonly Endpoint[]
  readonly routers: readonly Router[]
}

/** Goes the way of a request, and tells which rule lets it through or ends it. */
export async function explainAccess(question: AccessQuestion, parts: AccessParts): Promise<Explanation> {
  const explaining = new Explaining()
  const match = matchEndpoint(parts.endpoints, question)
  if (!('endpoint' in match)) {
    if (match.length === 0) return explaining.denied(404, `no endpoint has the address ${question.path}`)
    return explaining.denied(405, `the address takes ${[...new Set(match)].join(', ')}`)
  }
  const { endpoint } = match
  explaining.note('address', `${endpoint.method} ${endpoint.path} (${endpoint.operation})`)
  const asker = await findAsker(parts.ctx, parts.accounts, { options: question, explaining })
  if ('denial' in asker) return asker
  const { permission, action, method } = endpoint
  const subject = { principal: asker, action, method }
  if (refuse(permission, subject)) {
    return explaining.denied(403, `the permission ${permission.name} does not allow ${askerWords(asker)}`)
  }
  explaining.note('permission', `${permission.name} allows ${askerWords(asker)}`)
  if (endpoint.model === null || match.parts.id === undefined) return explaining.allowed()
  return explainRow({ id: match.parts.id, model: endpoint.model, endpoint, asker }, parts, explaining)
}

const askerWords = ({ role, business }: Principal): string =>
  business === null ? 'a user in no business' : `a user who is ${role}`

interface RowQuestion {
  readonly id: string
  readonly model: AnyModel
  readonly endpoint: Endpoint
  readonly asker: Principal
}

type Row = Readonly<Record<string, unknown>>

async function explainRow(question: RowQuestion, parts: AccessParts, explaining: Explaining): Promise<Explanation> {
  const { id, model, endpoint, asker } = question
  const { lookup = 'id' } = endpoint
  if (columnNamed(model, lookup).kind.parseText(id) instanceof Problem) {
    return explaining.denied(404, `"${id}" cannot be the id of a ${model.verboseName}`)
  }
  const ctx = contextOf(parts.ctx, asker)
  const isRestoring = endpoint.action === 'restore'
  // as: the filter and the row of a model that is known at run time
  const query = ctx.query(model).filter({ [lookup]: id } as never)
  const wanted = isRestoring ? query.onlyDeleted() : query
  const row = (await wanted.first()) as Row | null
  if (row === null) return explaining.denied(404, await whereItIs(question, { ctx, outside: parts.ctx, isRestoring }))
  explaining.note('row', `the ${model.verboseName} is in this business${isRestoring ? ', in the bin' : ''}`)
  const filter = filterOf(endpoint, parts.routers)?.({ ctx, principal: asker })
  if (filter && !(await wanted.filter(filter as never).exists())) {
    return explaining.denied(404, `the viewset's filterRows hides it: ${JSON.stringify(filter)}`)
  }
  const subject = { principal: asker, action: endpoint.action, method: endpoint.method }
  if (refuseObject(endpoint.permission, subject, row)) {
    return explaining.denied(403, `the permission ${endpoint.permission.name} does not allow it on this row`)
  }
  return explaining.allowed()
}

/** Why a row is not to be had: the client is told none of this. */
async function whereItIs(
  { id, model, endpoint: { lookup = 'id' } }: RowQuestion,
  { ctx, outside, isRestoring }: { readonly ctx: Context; readonly outside: Context; readonly isRestoring: boolean },
): Promise<string> {
  // as: the filters and rows of models that are known at run time
  const own = ctx.query(model).filter({ [lookup]: id } as never)
  if (isRestoring && (await own.exists())) return `the ${model.verboseName} is not in the bin`
  if (!isRestoring && model.hasSoftDelete && (await own.onlyDeleted().exists())) {
    return `the ${model.verboseName} is in the bin`
  }
  if (model.scope !== 'business') return `there is no such ${model.verboseName} that this business may see`
  const row = (await outside.acrossBusinesses('access:explain looks for a row', (all) => {
    const everywhere = all.query(model).filter({ [lookup]: id } as never)
    return (model.hasSoftDelete ? everywhere.withDeleted() : everywhere).first() as Promise<unknown>
  })) as Row | null
  if (row === null) return `there is no such ${model.verboseName}, in any business`
  const { business } = accountModels(outside.store.registry)
  const owner = (await outside
    .query(business)
    .filter({ id: row.business_id } as never)
    .first()) as Row | null
  return `the ${model.verboseName} belongs to another business: ${String(owner?.name ?? row.business_id)}`
}

function filterOf({ path, tag }: Endpoint, routers: readonly Router[]) {
  const { viewsets = {} } = routers.find(({ app }) => app === tag) ?? {}
  const mounted = Object.entries(viewsets).filter(([resource]) => path.startsWith(`/api/${tag}/${resource}/`))
  // The longest: `2fa` may be mounted beside `2fa/passkeys`.
  const [found] = mounted.sort(([a], [b]) => b.length - a.length)
  return found?.[1].options.filterRows
}
