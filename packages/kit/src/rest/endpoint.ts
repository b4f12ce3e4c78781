import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Permission } from '../auth/index.ts'
import type { ErrorCode } from '../base/index.ts'
import type { AnyModel, JsonSchema } from '../db/index.ts'
import type { Expandables } from './expandable.ts'
import type { AnySerializer } from './serializer.ts'
import type { UploadRules } from './upload.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** A parameter in the query string, as the documentation tells of it. */
export interface Parameter {
  readonly name: string
  readonly description: string
  readonly schema: JsonSchema
  /** Several values between commas. */
  readonly isList?: boolean
}

/** What an endpoint answers when it goes well. */
export interface AnswerShape {
  readonly status: 200 | 201 | 202
  /** What `data` is made by; null where `data` is null. */
  readonly serializer: AnySerializer | null
  /** What `data` is; `file`: the answer is no JSON, but of `contentType`. */
  readonly shape: 'object' | 'list' | 'page' | 'null' | 'file'
  readonly contentType?: string
  readonly message: string | null
}

/** One route that is served and documented. */
export interface Endpoint {
  readonly method: Method
  /** With named parts: `/api/clients/clients/:id/`. */
  readonly path: string
  /** The id of the operation: `clients_clients_partial_update`. */
  readonly operation: string
  /** What it does in the words of permissions: `list`, `partial_update`, or the name of an action. */
  readonly action: string
  readonly tag: string
  readonly summary: string
  readonly description: string | null
  readonly permission: Permission
  readonly parameters: readonly Parameter[]
  readonly body: { readonly serializer: AnySerializer; readonly isPartial: boolean } | null
  /** The file that it takes in place of a JSON body. */
  readonly upload?: UploadRules
  /** Whether it takes the version that the row must still have: `version` in the body, or `If-Match`. */
  readonly expectsVersion?: boolean
  readonly answer: AnswerShape
  /** What `expand` may show as objects. */
  readonly expandable: Expandables
  /** Refusals of its own, besides those that every endpoint of its kind has. */
  readonly errors: readonly ErrorCode[]
  readonly model: AnyModel | null
  /** The field of the model that stands in the address; left out, the id. */
  readonly lookup?: string
  /** Answers a request that the permission lets through. What it gives is the whole body. */
  readonly handle: (request: FastifyRequest, reply: FastifyReply) => Promise<string | Uint8Array>
}
