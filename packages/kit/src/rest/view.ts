import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Permission, Principal } from '../auth/index.ts'
import type { ErrorCode } from '../base/index.ts'
import type { Context } from '../db/index.ts'
import { envelopeText } from '../http/index.ts'
import type { Endpoint, Method } from './endpoint.ts'
import { inputParser } from './parse-input.ts'
import { represent } from './represent.ts'
import type { Serializer } from './serializer.ts'
import { readUpload, type UploadRules } from './upload.ts'

/** What a view works with. */
export interface ViewCall<Input> {
  readonly ctx: Context
  readonly body: Input
  /** The named parts of the path, as they stand there. */
  readonly params: Readonly<Record<string, string>>
  /** The file that came, where the view takes one; otherwise nothing. */
  readonly upload: Uint8Array
  readonly principal: Principal | null
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

export interface ViewOptions<Output, Input> {
  readonly method: Method
  /** Below the app's address: `login/`, `users/:id/avatar/`. */
  readonly path: string
  readonly name: string
  readonly summary: string
  readonly description?: string
  readonly permission: Permission
  readonly body?: Serializer<unknown, Input>
  /** Whether the fields of the body may be left out, as in PATCH. Defaults then fill in nothing. */
  readonly isPartial?: boolean
  /** Takes a file in place of a JSON body. */
  readonly upload?: UploadRules
  /** Left out: `data` is null. */
  readonly response?: Serializer<Output>
  readonly status?: 200 | 201 | 202
  /** What the answer says; a function, where that depends on what it gives. */
  readonly message?: string | ((output: Output) => string)
  readonly errors?: readonly ErrorCode[]
  readonly run: (call: ViewCall<Input>) => Promise<Output>
}

/** One endpoint that is no part of a viewset: a sign-in, a report. */
export interface View {
  readonly name: string
  endpoint(app: string): Endpoint
}

/** Declares an endpoint of its own: what it takes, what it gives and who may call it. */
export function view<Output = void, Input = Readonly<Record<string, never>>>(
  options: ViewOptions<Output, Input>,
): View {
  return { name: options.name, endpoint: (app) => endpointOf(app, options) }
}

function endpointOf<Output, Input>(app: string, options: ViewOptions<Output, Input>): Endpoint {
  const { method, path, name, summary, permission, response = null, status = 200 } = options
  const message = typeof options.message === 'string' ? options.message : null
  const { isPartial = false, upload } = options
  return {
    method,
    path: `/api/${app}/${path}`,
    operation: `${app}_${name}`,
    action: name,
    tag: app,
    summary,
    description: options.description ?? null,
    permission,
    parameters: [],
    body: options.body ? { serializer: options.body, isPartial } : null,
    ...(upload && { upload }),
    answer: { status, serializer: response, shape: response ? 'object' : 'null', message },
    errors: options.errors ?? [],
    expandable: {},
    model: null,
    handle: handlerOf(options),
  }
}

function handlerOf<Output, Input>(options: ViewOptions<Output, Input>): Endpoint['handle'] {
  const { body, isPartial = false, upload, response, message, status = 200, run } = options
  const parse = body ? inputParser({ serializer: body, isPartial, hasDefaults: !isPartial }) : null
  return async (request, reply) => {
    const call = {
      ctx: request.ctx,
      principal: request.principal,
      request,
      reply,
      params: paramsOf(request),
      upload: upload ? await readUpload(request, upload) : NO_UPLOAD,
      body: (parse ? parse(request.body) : {}) as Input, // as: the parser of that very serializer
    }
    const output = await run(call)
    reply.code(status)
    // as: a serializer's output is an object of its fields
    const data = response ? await represent(response, output as Readonly<Record<string, unknown>>) : null
    const said = typeof message === 'function' ? message(output) : message
    return envelopeText(JSON.stringify(data), { requestId: request.requestId, message: said })
  }
}

const NO_UPLOAD = new Uint8Array()

/** The named parts of the path of a request. */
export function paramsOf({ params }: FastifyRequest): Readonly<Record<string, string>> {
  return params as Readonly<Record<string, string>> // as: the router gives texts
}
