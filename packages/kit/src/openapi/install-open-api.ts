import type { FastifyInstance } from 'fastify'
import type { Endpoint } from '../rest/index.ts'
import { type OpenApiInfo, openApiDocument } from './open-api-document.ts'
import type { OpenApiDocument } from './open-api-types.ts'
import { addRedocPage } from './redoc-page.ts'
import { addSchemaRoute } from './schema-route.ts'
import { addSwaggerPage } from './swagger-page.ts'

/**
 * Serves the documentation of endpoints: the document at `/api/schema/`, Swagger UI at `/api/docs/` and ReDoc at
 * `/api/redoc/`. Everything that the pages load comes from this server; nothing is read or built before it is asked for.
 */
export function installOpenApi(server: FastifyInstance, endpoints: readonly Endpoint[], info: OpenApiInfo): void {
  let built: OpenApiDocument | null = null
  addSchemaRoute(server, () => {
    built ??= openApiDocument(endpoints, info)
    return built
  })
  addSwaggerPage(server, `${info.title}: Swagger UI`)
  addRedocPage(server, `${info.title}: ReDoc`)
}
