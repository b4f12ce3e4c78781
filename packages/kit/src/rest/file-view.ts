import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Permission } from '../auth/index.ts'
import { ApiError, type ErrorCode } from '../base/index.ts'
import type { Endpoint } from './endpoint.ts'
import { paramsOf, type View, type ViewCall } from './view.ts'

export interface FileViewOptions {
  /** Below the app's address: `users/:id/avatar/`. */
  readonly path: string
  readonly name: string
  readonly summary: string
  readonly description?: string
  readonly permission: Permission
  /** What it is: `image/webp`. */
  readonly contentType: string
  readonly errors?: readonly ErrorCode[]
  /** Left out: only the browser may keep it, and asks each time. What everybody may read, caches may keep: `public, max-age=300`. */
  readonly cacheControl?: string
  /** The bytes; null: 404. */
  readonly run: (call: Omit<ViewCall<never>, 'body' | 'upload'>) => Promise<Uint8Array | null>
}

/**
 * Declares an endpoint that answers with a file. A browser may keep it, but asks each time whether it is still the same:
 * then the answer is an empty 304.
 */
export function fileView(options: FileViewOptions): View {
  return { name: options.name, endpoint: (app) => endpointOf(app, options) }
}

function endpointOf(app: string, options: FileViewOptions): Endpoint {
  const { path, name, summary, description = null, permission, contentType, errors = [], run } = options
  // Private: what a member of a business may see is for no cache between.
  const { cacheControl = 'private, no-cache' } = options
  return {
    method: 'GET',
    path: `/api/${app}/${path}`,
    operation: `${app}_${name}`,
    action: name,
    tag: app,
    summary,
    description,
    permission,
    parameters: [],
    body: null,
    answer: { status: 200, serializer: null, shape: 'file', contentType, message: null },
    errors: ['not_found', ...errors],
    expandable: {},
    model: null,
    handle: async (request, reply) => {
      const { ctx, principal } = request
      const bytes = await run({ ctx, principal, request, reply, params: paramsOf(request) })
      if (bytes === null) throw new ApiError('not_found')
      reply.header('cache-control', cacheControl)
      return sendFile(request, reply, bytes)
    },
  }
}

function sendFile(request: FastifyRequest, reply: FastifyReply, bytes: Uint8Array): Uint8Array {
  const etag = `"${hash('sha256', bytes, 'base64url')}"`
  reply.headers({ etag, 'content-disposition': 'inline' })
  if (!isKnown(request.headers['if-none-match'], etag)) return bytes
  reply.code(304)
  return new Uint8Array()
}

/** By the weak comparison of RFC 9110, section 13.1.2. */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}
