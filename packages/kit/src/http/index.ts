export { createServer, type ServerOptions, type Timeouts } from './create-server.ts'
export {
  type EnvelopeTextOptions,
  type ErrorEnvelope,
  envelopeText,
  errorEnvelope,
  JSON_CONTENT_TYPE,
  type Pagination,
  type Refusal,
  type SuccessEnvelope,
  type SuccessOptions,
  successEnvelope,
} from './envelope.ts'
export type { HealthCheck, HealthState } from './health.ts'
export { type InstallOutboxOptions, installOutbox } from './install-outbox.ts'
export { type Lifecycle, type StopOptions, stopGracefully } from './lifecycle.ts'
export { createLogger } from './logger.ts'
export { type QueryParameters, queryTextOf } from './query-parameters.ts'
export { requestIdOf } from './request-id.ts'
