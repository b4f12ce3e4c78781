import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { allowAny } from '../auth/index.ts'
import { ApiError, validationError } from '../base/index.ts'
import { JSON_CONTENT_TYPE, type QueryParameters } from '../http/index.ts'
import { acceptedType } from './accepted-type.ts'
import type { OpenApiDocument } from './open-api-types.ts'

export const SCHEMA_PATH = '/api/schema/'

type Format = 'json' | 'yaml'

const FORMATS: ReadonlyMap<string, Format> = new Map([
  ['application/json', 'json'],
  ['application/vnd.oai.openapi+json', 'json'],
  ['application/yaml', 'yaml'],
  ['application/x-yaml', 'yaml'],
  ['text/yaml', 'yaml'],
  ['application/vnd.oai.openapi', 'yaml'],
])

const CONTENT_TYPES = { json: JSON_CONTENT_TYPE, yaml: 'application/yaml; charset=utf-8' } as const

interface WrittenDocument {
  readonly text: string
  readonly etag: string
}

/** Serves the document at `/api/schema/`, in JSON or in YAML. It is built when it is first asked for. */
export function addSchemaRoute(server: FastifyInstance, document: () => OpenApiDocument): void {
  const written = new Map<Format, WrittenDocument>()
  server.get(SCHEMA_PATH, { config: { permission: allowAny } }, async (request, reply) => {
    const format = formatOf(request)
    const { text, etag } = written.get(format) ?? (await write(document(), format))
    written.set(format, { text, etag })
    reply.headers({ etag, 'cache-control': 'no-cache', vary: varyOf(reply) })
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    return reply.header('content-type', CONTENT_TYPES[format]).send(text)
  })
}

function formatOf(request: FastifyRequest): Format {
  const { format, ...others } = request.query as QueryParameters // as: the server parses queries so
  for (const name in others) throw validationError({ [name]: ['Unknown parameter. Allowed: format.'] })
  if (format !== undefined) return namedFormat(format)
  const accepted = FORMATS.get(acceptedType(request.headers.accept, [...FORMATS.keys()]) ?? '')
  if (accepted) return accepted
  throw new ApiError('not_acceptable')
}

function namedFormat(format: unknown): Format {
  if (format === 'json' || format === 'yaml') return format
  throw validationError({ format: [`"${String(format).slice(0, 100)}" is not a valid choice. Choose: json, yaml.`] })
}

async function write(document: OpenApiDocument, format: Format): Promise<WrittenDocument> {
  const text = format === 'json' ? JSON.stringify(document) : await yamlOf(document)
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url')}"` }
}

async function yamlOf(document: OpenApiDocument): Promise<string> {
  // Loaded when it is first asked for: a server should not wait for it to start.
  const { stringify } = await import('yaml')
  return stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 })
}

function varyOf(reply: FastifyReply): string {
  const vary = reply.getHeader('vary')
  return vary === undefined ? 'Accept' : `${String(vary)}, Accept`
}
