import type { Id, Insert, ModelShape, Update } from '../models/index.ts'
import type { Path } from './filter-types.ts'

/** A page of rows, and how many there are on all pages. */
export interface Page<Item> {
  readonly rows: Item[]
  readonly count: number
  readonly number: number
  readonly size: number
  readonly totalPages: number
}

export interface PageOptions {
  /** From 1 up. */
  readonly number?: number
  /** Rows on a page; 50 by default. */
  readonly size?: number
}

export interface IterateOptions {
  /** Rows that are read at a time; 1,000 by default. */
  readonly size?: number
}

export interface ExplainOptions {
  /** Whether the statement is run, to tell what it really took. SQLite cannot. */
  readonly analyze?: boolean
}

export interface LockOptions {
  /** Leaves out the rows that others hold. */
  readonly skipLocked?: boolean
  /** Refuses at once if others hold one of the rows. */
  readonly noWait?: boolean
}

export interface BulkCreateOptions {
  readonly ignoreConflicts?: boolean
}

export interface UpsertOptions<M extends ModelShape> {
  /** One of the model's unique sets. */
  readonly unique: readonly (keyof M['fields'] & string)[]
  /** The fields that rows which are there get. */
  readonly update?: readonly (keyof Update<M> & string)[]
}

/** A name to sort by, with `-` before it to sort downwards. */
export type OrderName<M extends ModelShape> = Path<M> | `-${Path<M>}`

/** A row for `bulkUpdate`: its id, and the fields that change. More fields do not matter: a row as it was read will do. */
export type BulkRow<M extends ModelShape, Name extends keyof Update<M>> = { readonly id: Id<M> } & Readonly<
  Required<Pick<Update<M>, Name>>
>

/** Values of a new row, with no name among them that the model does not have. */
export type Known<M extends ModelShape, Key> = Key & { readonly [Name in Exclude<keyof Key, keyof Insert<M>>]: never }

type Rest<M extends ModelShape, Key> = Omit<Insert<M>, keyof Key>

/** What a new row needs besides its key: to be left out only if everything else may be. */
export type RestArguments<M extends ModelShape, Key> =
  Record<never, never> extends Rest<M, Key> ? [rest?: Rest<M, Key>] : [rest: Rest<M, Key>]
