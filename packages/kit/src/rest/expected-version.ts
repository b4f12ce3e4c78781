import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError, validationError } from '../base/index.ts'
import { type AnyModel, columnNamed, Problem, type RawValue, type RowObject } from '../db/index.ts'

/** What a request says of the version that it has seen, and the rest of its body. */
export interface VersionedRequest {
  /** The version that the row must still have; undefined if the request does not say. */
  readonly version: number | undefined
  readonly body: unknown
}

/**
 * Reads the version that a change was made for: `version` in the body, or the `ETag` that was read in `If-Match`.
 *
 * @throws {ApiError} `validation_failed` or `bad_request` if it cannot be one, `precondition_failed` if no row can have it
 */
export function expectedVersion(model: AnyModel, { body, headers }: FastifyRequest): VersionedRequest {
  if (!model.hasVersion) return { version: undefined, body }
  const matched = matchedVersion(headers['if-match'])
  const named = versionInBody(model, body)
  if (named.version !== undefined && matched !== undefined && named.version !== matched) {
    throw validationError({ version: ['This is not the version in the If-Match header.'] })
  }
  return { version: named.version ?? matched, body: named.body }
}

function versionInBody(model: AnyModel, body: unknown): VersionedRequest {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body)
  if (!isObject || !Object.hasOwn(body, 'version')) return { version: undefined, body }
  const { version, ...rest }: { readonly version?: unknown } = body
  if (version === null) throw validationError({ version: ['This field may not be null.'] })
  const parsed: unknown = columnNamed(model, 'version').kind.parse(version)
  if (parsed instanceof Problem) throw validationError({ version: parsed.messages })
  return { version: Number(parsed), body: rest }
}

/** One entity tag, as RFC 9110 writes it. */
const TAG = /^\s*(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*$/

function matchedVersion(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined
  const [, weak, tag] = TAG.exec(header) ?? []
  if (tag === undefined) {
    throw new ApiError('bad_request', {
      message: 'Malformed If-Match header. Send the ETag of the record, such as "3".',
    })
  }
  // A tag that is none of ours, or a weak one, matches no record at all.
  if (weak !== undefined || !/^[1-9]\d{0,9}$/.test(tag)) throw new ApiError('precondition_failed')
  return Number(tag)
}

/** The refusals that a version adds to an endpoint. */
export const versionErrors = ({ hasVersion }: AnyModel): readonly ['precondition_failed'] | readonly [] =>
  hasVersion ? ['precondition_failed'] : []

/** @throws {ApiError} `precondition_failed` if a row that was read is of another version */
export function assertSeen(row: RowObject, version: number | undefined): void {
  if (version !== undefined && row.version !== version) throw new ApiError('precondition_failed')
}

/** Puts the version of the row in an answer into its `ETag`, where the answer shows it. */
export function sendVersion(
  reply: FastifyReply,
  model: AnyModel,
  { columns, row }: { readonly columns: readonly string[]; readonly row: readonly RawValue[] },
): void {
  if (!model.hasVersion) return
  const at = columns.indexOf('version')
  if (at !== -1) reply.header('etag', `"${String(row[at])}"`)
}
