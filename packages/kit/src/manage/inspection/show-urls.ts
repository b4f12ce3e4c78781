import type { Project } from '../project.ts'
import { withScratchServer } from '../scratch-server.ts'
import { formatUrls, type UrlFormat } from './url-formats.ts'

export async function showUrls(project: Project, format: UrlFormat): Promise<void> {
  const urls = await withScratchServer(project, async ({ endpoints }) =>
    endpoints.map(({ method, path, operation, permission }) => ({
      method,
      path: path.replaceAll(/:(\w+)/g, '{$1}'),
      name: operation,
      permission: permission.name,
    })),
  )
  console.log(formatUrls(urls, format))
}
