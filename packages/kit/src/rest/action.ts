import type { FastifyRequest } from 'fastify'
import type { Permission, Principal } from '../auth/index.ts'
import type { ErrorCode } from '../base/index.ts'
import type { Context, ModelShape, Row } from '../db/index.ts'
import type { Method } from './endpoint.ts'
import type { Serializer } from './serializer.ts'

interface CommonAction<Output, Input> {
  /** POST unless said otherwise. */
  readonly method?: Method
  /** The last part of the address; the action's name by default. */
  readonly path?: string
  readonly summary: string
  readonly description?: string
  /** Left out: what the viewset asks for `update` (on a row) or `list`. */
  readonly permission?: Permission
  readonly body?: Serializer<unknown, Input>
  /** What `data` is made by; left out, `data` is null. */
  readonly response?: Serializer<Output>
  readonly message?: string
  readonly errors?: readonly ErrorCode[]
}

export interface ActionCall<Input> {
  readonly ctx: Context
  readonly body: Input
  readonly principal: Principal | null
  readonly request: FastifyRequest
}

export interface DetailAction<M extends ModelShape, Output, Input> extends CommonAction<Output, Input> {
  readonly detail: true
  readonly run: (row: Row<M>, call: ActionCall<Input>) => Promise<Output>
}

export interface ListAction<Output, Input> extends CommonAction<Output, Input> {
  readonly detail: false
  readonly run: (call: ActionCall<Input>) => Promise<Output>
}

/** A further endpoint of a viewset, on one row or on the whole list. */
// biome-ignore lint/suspicious/noExplicitAny: actions of one viewset have inputs and outputs of their own
export type Action<M extends ModelShape = any> = DetailAction<M, any, any> | ListAction<any, any>

/**
 * Declares a further endpoint of a viewset: `POST /api/clients/clients/{id}/archive/` for an action `archive` with
 * `detail: true`. The model is named for the types: `run` gets a row of it.
 */
export function action<M extends ModelShape, Output = void, Input = Readonly<Record<string, never>>>(
  _model: M,
  options: DetailAction<M, Output, Input> | ListAction<Output, Input>,
): Action<M> {
  return options
}
