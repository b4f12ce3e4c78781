export { installOpenApi } from './install-open-api.ts'
export { type OpenApiInfo, openApiDocument } from './open-api-document.ts'
export type {
  ComponentsObject,
  Example,
  License,
  MediaType,
  OpenApiDocument,
  Operation,
  ParameterObject,
  PathItem,
  Reference,
  ResponseObject,
  Server,
  Tag,
} from './open-api-types.ts'
