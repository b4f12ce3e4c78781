import type { FastifyInstance } from 'fastify'
import { allowAny } from '../auth/index.ts'
import { pageHtml } from './page.ts'
import { servePackageAsset, serveText } from './page-assets.ts'
import { SCHEMA_PATH } from './schema-route.ts'

const DOCS_PATH = '/api/docs/'

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // The style sheet draws its arrows and locks as data.
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const START = `'use strict'
window.ui = SwaggerUIBundle({
  url: '${SCHEMA_PATH}',
  dom_id: '#swagger-ui',
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  filter: true,
  persistAuthorization: true,
  validatorUrl: null,
  // Of somebody who is signed in by cookies: what changes something must show that this page means it.
  requestInterceptor: (request) => {
    const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1]
    const isOwn = new URL(request.url, location.href).origin === location.origin
    if (token !== undefined && isOwn) request.headers['X-CSRFToken'] = token
    return request
  },
})
`

const LAYOUT = 'body { margin: 0; }\n'

/** Serves Swagger UI at `/api/docs/`. */
export function addSwaggerPage(server: FastifyInstance, title: string): void {
  const asset = (name: string, contentType: string): string =>
    servePackageAsset(server, DOCS_PATH, { specifier: `swagger-ui-dist/${name}`, contentType })
  const [start, layout] = [`${DOCS_PATH}assets/start.js`, `${DOCS_PATH}assets/layout.css`]
  serveText(server, { path: start, contentType: 'text/javascript; charset=utf-8', text: START })
  serveText(server, { path: layout, contentType: 'text/css; charset=utf-8', text: LAYOUT })
  const html = pageHtml({
    title,
    icon: asset('favicon-32x32.png', 'image/png'),
    styles: [asset('swagger-ui.css', 'text/css; charset=utf-8'), layout],
    scripts: [asset('swagger-ui-bundle.js', 'text/javascript; charset=utf-8'), start],
    root: 'swagger-ui',
  })
  server.get(
    DOCS_PATH,
    { config: { contentSecurityPolicy: POLICY, permission: allowAny } },
    async (_request, reply) => {
      return reply.header('content-type', 'text/html; charset=utf-8').send(html)
    },
  )
}
