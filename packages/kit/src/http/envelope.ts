import type { ErrorCode, FieldErrors, Meta } from '../base/index.ts'

export const JSON_CONTENT_TYPE = 'application/json; charset=utf-8'

/** What the list at hand is a part of: `count`, `page`, `page_size`, `total_pages`, `next`, `previous`, or the cursors. */
export type Pagination = Readonly<Record<string, string | number | null>>

export interface SuccessEnvelope<Data> {
  readonly data: Data
  readonly message?: string
  readonly meta: { readonly request_id: string; readonly pagination?: Pagination }
}

export interface ErrorEnvelope {
  readonly data: null
  readonly message: string
  readonly code: ErrorCode
  readonly errors: FieldErrors
  readonly meta: { readonly request_id: string } & Meta
}

export interface SuccessOptions {
  readonly requestId: string
  readonly message?: string | undefined
  readonly pagination?: Pagination | undefined
}

export function successEnvelope<Data>(data: Data, options: SuccessOptions): SuccessEnvelope<Data> {
  const { requestId, message, pagination } = options
  return {
    data,
    ...(message !== undefined && { message }),
    meta: { request_id: requestId, ...(pagination !== undefined && { pagination }) },
  }
}

export interface Refusal {
  readonly code: ErrorCode
  readonly message: string
  readonly errors: FieldErrors
  /** What is told beside the request id. */
  readonly meta?: Meta
}

export function errorEnvelope({ code, message, errors, meta }: Refusal, requestId: string): ErrorEnvelope {
  return { data: null, message, code, errors, meta: { request_id: requestId, ...meta } }
}

export interface EnvelopeTextOptions {
  /** As `request.requestId` has it: of letters that need no escaping. */
  readonly requestId: string
  readonly message?: string | undefined
  readonly paginationJson?: string | undefined
}

/** The envelope around data that is JSON text already. Send it with the type `JSON_CONTENT_TYPE`. */
export function envelopeText(dataJson: string, { requestId, message, paginationJson }: EnvelopeTextOptions): string {
  const messagePart = message === undefined ? '' : `,"message":${JSON.stringify(message)}`
  const paginationPart = paginationJson === undefined ? '' : `,"pagination":${paginationJson}`
  return `{"data":${dataJson}${messagePart},"meta":{"request_id":"${requestId}"${paginationPart}}}`
}
