import type { Endpoint } from '../rest/index.ts'
import { Components } from './components.ts'
import { healthPaths } from './health-paths.ts'
import type { License, OpenApiDocument, PathItem, Server, Tag } from './open-api-types.ts'
import { operationOf } from './operation.ts'
import { pathTemplate } from './path-template.ts'
import { requirementsOf } from './security-schemes.ts'
import { SerializerSchemas } from './serializer-schemas.ts'

/** What the document says of itself. */
export interface OpenApiInfo {
  readonly title: string
  readonly version: string
  /** In Markdown. */
  readonly description?: string
  readonly license?: License
  /** By default the server that serves the document. */
  readonly servers?: readonly Server[]
  /** Descriptions of tags, which are the names of apps. A tag without one names what its app keeps. */
  readonly tags?: Readonly<Record<string, string>>
}

/**
 * Describes endpoints, and those of health, in OpenAPI 3.1. The same endpoints give the same document, to the byte.
 *
 * @see https://spec.openapis.org/oas/v3.1.0
 */
export function openApiDocument(endpoints: readonly Endpoint[], info: OpenApiInfo): OpenApiDocument {
  const components = new Components()
  const schemas = new SerializerSchemas(components)
  const paths: Record<string, PathItem> = {}
  for (const endpoint of endpoints) {
    const path = pathTemplate(endpoint.path)
    const method = endpoint.method.toLowerCase()
    paths[path] = { ...paths[path], [method]: operationOf(endpoint, { components, schemas }) }
  }
  Object.assign(paths, healthPaths(components))
  return {
    openapi: '3.1.0',
    info: {
      title: info.title,
      version: info.version,
      ...(info.description === undefined ? {} : { description: info.description }),
      ...(info.license === undefined ? {} : { license: info.license }),
    },
    servers: info.servers ?? [{ url: '/', description: 'This server' }],
    tags: tagsOf(endpoints, info.tags ?? {}),
    security: requirementsOf({ method: 'POST', takesKeys: true }),
    paths,
    components: components.all(),
  }
}

function tagsOf(endpoints: readonly Endpoint[], descriptions: Readonly<Record<string, string>>): Tag[] {
  const subjects = new Map<string, Set<string>>()
  for (const { tag, model } of endpoints) {
    const known = subjects.get(tag) ?? new Set()
    if (model) known.add(model.verboseNamePlural)
    subjects.set(tag, known)
  }
  const tags = [...subjects].map(([name, kept]) => ({
    name,
    description: descriptions[name] ?? keptIn(name, [...kept]),
  }))
  return [...tags, { name: 'health', description: 'Whether the server lives, and whether it is ready for requests.' }]
}

function keptIn(tag: string, subjects: readonly string[]): string {
  if (subjects.length === 0) return `The endpoints of ${tag}.`
  const text = new Intl.ListFormat('en').format(subjects)
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
