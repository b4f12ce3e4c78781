import type { AnyModel } from '../../models/index.ts'
import type { ProjectState } from '../project-state.ts'
import type { Argument, Operation } from './operation.ts'

export interface ConfirmOptions {
  /** That a human has seen what may be lost or refused by it. Without that, `migrate` does not begin. */
  readonly confirmed?: boolean
}

type Confirmation = Required<Pick<Operation, 'risk' | 'isConfirmed' | 'confirming'>>

/** What `altering` and the like take to be confirmed before they run. */
export function confirmation(
  { confirmed = false }: ConfirmOptions,
  risk: (from: ProjectState, app: string) => string | null,
  confirming: (confirmed: boolean) => Operation,
): Confirmation {
  return { isConfirmed: confirmed, risk, confirming }
}

/** The options as the last argument, to spread; none if there is nothing to say. */
export function optionsArgument(options: { readonly [name: string]: Argument | undefined }): Argument[] {
  const said = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  return said.length === 0 ? [] : [Object.fromEntries(said)]
}

/** The model as it is before an operation; null if there is none, which the operation itself will say. */
export function modelBefore(from: ProjectState, app: string, name: string): AnyModel | null {
  return from.find(`${app}.${name}`) ?? null
}
