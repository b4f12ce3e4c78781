import type { ColumnType } from 'kysely'
import type { Field } from '../fields/index.ts'
import type { Id, ModelShape } from '../models/index.ts'

type IsForeignKey<F extends Field> = [F['types']['target']] extends [never] ? false : true

type ColumnKey<F extends ModelShape['fields'], Name extends keyof F & string> =
  IsForeignKey<F[Name]> extends true ? `${Name}_id` : Name

type Value<F extends Field> = F['types'] extends { readonly generated: true }
  ? ColumnType<F['types']['value'] | null, never, never>
  : WrittenValue<F>

type WrittenValue<F extends Field> = ColumnType<
  F['types']['nullable'] extends true ? F['types']['value'] | null : F['types']['value'],
  F['types']['nullable'] extends true ? F['types']['input'] | null | undefined : F['types']['input'],
  F['types']['nullable'] extends true ? F['types']['input'] | null : F['types']['input']
>

type Nullable<Type> = ColumnType<Type | null, Type | null | undefined, Type | null>

interface AuditColumns {
  /** Filled in by the tenancy wall; another business's id is refused. */
  readonly business_id: ColumnType<string, string | undefined, never>
  readonly created_at: ColumnType<Date, Date | string, Date | string>
  readonly created_by: Nullable<string>
  readonly updated_at: ColumnType<Date, Date | string, Date | string>
  readonly updated_by: Nullable<string>
}

interface DeletionColumns {
  readonly deleted_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
  readonly deleted_by: Nullable<string>
  readonly deletion_id: Nullable<string>
}

/** The table of a model, as Kysely sees it: columns by their names in the database. */
export type TableOf<M extends ModelShape> = {
  readonly id: ColumnType<Id<M>, Id<M>, never>
} & {
  readonly [Name in keyof M['fields'] & string as ColumnKey<M['fields'], Name>]: Value<M['fields'][Name]>
} & ('business' extends M['scope'] ? AuditColumns : unknown) &
  (true extends M['hasVersion'] ? { readonly version: number } : unknown) &
  (true extends M['hasSoftDelete'] ? DeletionColumns : unknown)

/**
 * The tables that `ctx.sql` knows. Each app adds its own:
 * `declare module '@bailiwick/kit/db' { interface Tables { clients_client: TableOf<typeof Client> } }`
 */
// biome-ignore lint/suspicious/noEmptyInterface: apps fill it
export interface Tables {}
