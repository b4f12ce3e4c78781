/** Every code that an error answer may carry, with its status and default message. `docs/reference/errors.md` is held equal to it. */
export const ERROR_CODES = {
  bad_request: { status: 400, message: 'Bad request.' },
  parse_error: { status: 400, message: 'Malformed request.' },
  validation_failed: { status: 400, message: 'Validation failed' },
  invalid_host: { status: 400, message: 'Invalid host header.' },
  not_authenticated: { status: 401, message: 'Authentication credentials were not provided.' },
  token_not_valid: { status: 401, message: 'Token is invalid or expired' },
  bad_authorization_header: {
    status: 401,
    message: 'Authorization header must contain two space-delimited values',
  },
  invalid_credentials: { status: 401, message: 'No active account found with the given credentials' },
  permission_denied: { status: 403, message: 'You do not have permission to perform this action.' },
  business_required: { status: 403, message: 'This needs a business: switch to one first.' },
  not_found: { status: 404, message: 'Not found.' },
  method_not_allowed: { status: 405, message: 'Method not allowed.' },
  not_acceptable: { status: 406, message: 'Could not satisfy the request Accept header.' },
  request_timeout: { status: 408, message: 'The request took too long to arrive.' },
  conflict: { status: 409, message: 'The change conflicts with what is stored.' },
  protected: { status: 409, message: 'Cannot delete: other records point to it.' },
  precondition_failed: { status: 412, message: 'The record has changed since it was read.' },
  payload_too_large: { status: 413, message: 'Request body is too large.' },
  uri_too_long: { status: 414, message: 'The address is too long.' },
  unsupported_media_type: { status: 415, message: 'Unsupported media type in request.' },
  account_locked: { status: 423, message: 'The account is locked.' },
  precondition_required: { status: 428, message: 'This request must be conditional.' },
  throttled: { status: 429, message: 'Request was throttled.' },
  headers_too_large: { status: 431, message: 'Request headers are too large.' },
  internal_error: { status: 500, message: 'Server error.' },
  service_unavailable: { status: 503, message: 'The service is not available right now. Try again.' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly message: string }>>

export type ErrorCode = keyof typeof ERROR_CODES
