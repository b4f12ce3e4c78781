import type { AnyModel } from '../db/index.ts'
import type { Endpoint } from '../rest/index.ts'

/** The endpoints of one viewset over rows that belong to businesses. */
export interface Resource {
  readonly model: AnyModel
  /** `/api/clients/clients/` */
  readonly path: string
  readonly endpoints: readonly Endpoint[]
}

/** The viewsets among the endpoints whose rows belong to businesses; of all apps, or of those that are named. */
export function scopedResources(endpoints: readonly Endpoint[], apps: readonly string[] | null): Resource[] {
  const resources = new Map<string, { model: AnyModel; path: string; endpoints: Endpoint[] }>()
  for (const endpoint of endpoints) {
    const { model, path, tag } = endpoint
    if (model?.scope !== 'business' || (apps !== null && !apps.includes(tag))) continue
    const home = path.split('/').slice(0, 4).join('/')
    const resource = resources.get(home) ?? { model, path: `${home}/`, endpoints: [] }
    resource.endpoints.push(endpoint)
    resources.set(home, resource)
  }
  return [...resources.values()]
}

/** Whether the endpoint is about one row. */
export const isDetail = ({ path }: Endpoint): boolean => path.includes(':id')
