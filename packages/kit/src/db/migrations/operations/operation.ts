import type { Field, Json } from '../../fields/index.ts'
import type { FieldReference, Q } from '../../models/index.ts'
import type { ProjectState } from '../project-state.ts'
import type { SchemaEditor, StateChange } from '../schema/index.ts'

/** An argument of an operation, as far as migrations can be written by `makemigrations`. */
export type Argument =
  | Json
  | Field
  | Q<unknown, unknown>
  | FieldReference
  | readonly Argument[]
  | { readonly [name: string]: Argument }

/** Options of an operation as an argument: an interface has no index signature, but these hold arguments alone. */
export const argumentOf = (options: object): Argument => options as unknown as Argument // as: see above

/** An operation's states with the app that it belongs to. */
export interface OperationChange extends StateChange {
  readonly app: string
}

export interface ElidableOptions {
  /** Whether it is left out where migrations are made one: it has done what it had to do to the rows of then. */
  readonly isElidable?: boolean
}

/** One step of a migration: it changes the models as they are known, and the database with them. */
export interface Operation {
  /** The name of the function that makes it: `addField`. */
  readonly name: string
  /** The arguments of that function, to write it down again; null if it has functions among them. */
  readonly args: readonly Argument[] | null
  readonly isReversible: boolean
  /** The one model that it changes, if it does nothing else. */
  readonly model?: string
  /** Whether `squashmigrations` leaves it out. */
  readonly isElidable?: boolean
  /** What it adds to the name of its migration: `client_phone`. */
  readonly fragment: string | null
  /** What may be lost or refused by it, in words; null if nothing. It has to be confirmed then. */
  risk?(from: ProjectState, app: string): string | null
  readonly isConfirmed?: boolean
  /** The same operation, saying that it is confirmed or that it is not yet. */
  confirming?(isConfirmed: boolean): Operation
  /** As people read it: `Add field phone to client`. */
  describe(): string
  stateForwards(state: ProjectState, app: string): ProjectState
  databaseForwards(editor: SchemaEditor, change: OperationChange): Promise<void>
  /** `change.from` is the state after the operation, `change.to` the one before. */
  databaseBackwards(editor: SchemaEditor, change: OperationChange): Promise<void>
}
