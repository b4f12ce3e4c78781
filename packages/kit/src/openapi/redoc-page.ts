import type { FastifyInstance } from 'fastify'
import { allowAny } from '../auth/index.ts'
import { pageHtml } from './page.ts'
import { servePackageAsset, serveText } from './page-assets.ts'
import { SCHEMA_PATH } from './schema-route.ts'

const REDOC_PATH = '/api/redoc/'

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // ReDoc makes its styles as it runs, and puts them into the page.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  // Its search runs in a worker that it makes of its own text.
  'worker-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const START = `'use strict'
Redoc.init('${SCHEMA_PATH}', { hideDownloadButton: false, nativeScrollbars: true }, document.getElementById('redoc'))
`

const LAYOUT = 'body { margin: 0; }\n'

/** Serves ReDoc at `/api/redoc/`. */
export function addRedocPage(server: FastifyInstance, title: string): void {
  const bundle = servePackageAsset(server, REDOC_PATH, {
    specifier: 'redoc/bundles/redoc.standalone.js',
    contentType: 'text/javascript; charset=utf-8',
    edit: withoutRemoteImage,
  })
  const [start, layout] = [`${REDOC_PATH}assets/start.js`, `${REDOC_PATH}assets/layout.css`]
  serveText(server, { path: start, contentType: 'text/javascript; charset=utf-8', text: START })
  serveText(server, { path: layout, contentType: 'text/css; charset=utf-8', text: LAYOUT })
  const html = pageHtml({ title, icon: 'data:,', styles: [layout], scripts: [bundle, start], root: 'redoc' })
  server.get(
    REDOC_PATH,
    { config: { contentSecurityPolicy: POLICY, permission: allowAny } },
    async (_request, reply) => {
      return reply.header('content-type', 'text/html; charset=utf-8').send(html)
    },
  )
}

/** ReDoc shows its mark from its makers' server, which would tell them of every reader. Its name and link stay. */
const withoutRemoteImage = (text: string): string =>
  text.replaceAll('https://cdn.redoc.ly/redoc/logo-mini.svg', 'data:,')
