import type { Id, Insert, ModelShape, Row, Update } from '../models/index.ts'
import { bulkUpdateRows } from './bulk-update.ts'
import type { Changes } from './changes.ts'
import { type FoundOrMade, getOrCreate, updateOrCreate } from './get-or-create.ts'
import type { QuerySource } from './query-source.ts'
import type { BulkCreateOptions, BulkRow, Known, RestArguments, UpsertOptions } from './query-types.ts'
import type { ExpectedVersion } from './row-version.ts'
import { deleteOne, updateOne } from './single-row.ts'
import { upsertRows } from './upsert-rows.ts'
import { createFreeRows, createRows, deleteQuery, restoreQuery, updateQuery } from './write-query.ts'

/** What a query makes, changes and deletes. */
export abstract class WritableRows<M extends ModelShape> {
  /** Whose rows, which of them, and where the query runs. */
  protected readonly source: QuerySource

  constructor(source: QuerySource) {
    this.source = source
  }

  /** Makes a row. @throws {ApiError} `validation_failed` for values that the fields do not take, `conflict` if a unique key has them */
  async create(values: Insert<M>): Promise<Row<M>> {
    const [row] = await this.bulkCreate([values])
    if (!row) throw new TypeError('The database gave no row back')
    return row
  }

  /**
   * Makes many rows, all or none, in as few statements as the database takes. With `ignoreConflicts`, rows whose unique
   * values are taken are left out, and what comes back are the others.
   */
  async bulkCreate(
    values: readonly Insert<M>[],
    { ignoreConflicts = false }: BulkCreateOptions = {},
  ): Promise<Row<M>[]> {
    const made = ignoreConflicts ? createFreeRows(this.source, values) : createRows(this.source, values)
    return (await made) as readonly unknown[] as Row<M>[] // as: whole rows of the model
  }

  /**
   * Gives each of these rows its own values in the named fields, all or none, and tells how many rows there were. Rows
   * that are not there, or not in this business, are not counted.
   */
  async bulkUpdate<const Name extends keyof Update<M> & string>(
    rows: readonly BulkRow<M, Name>[],
    fields: readonly Name[],
  ): Promise<number> {
    const { ctx, model } = this.source
    return bulkUpdateRows(ctx, model, { rows, fields })
  }

  /**
   * Makes rows, or changes those that have the same values in the unique set `unique`; all or none. Rows that are there
   * get the fields of `update`: by default all that are given.
   *
   * @throws {ApiError} `conflict` if another unique key is taken
   */
  async upsert(values: readonly Insert<M>[], { unique, update }: UpsertOptions<M>): Promise<Row<M>[]> {
    const { ctx, model } = this.source
    const rows: readonly unknown[] = await upsertRows(ctx, model, { rows: values, unique, update })
    return rows as Row<M>[] // as: whole rows of the model
  }

  /**
   * The row that has these unique values, made with `defaults` besides if there is none. Of many who ask at the same
   * time, one makes it.
   *
   * @throws {TypeError} if no unique set of the model is among the values
   */
  async getOrCreate<const Key extends Partial<Insert<M>>>(
    key: Known<M, Key>,
    ...[defaults]: RestArguments<M, Key>
  ): Promise<{ readonly row: Row<M>; readonly isNew: boolean }> {
    const found = await getOrCreate(this.source, { key, values: defaults ?? {} })
    return found as FoundOrMade & { readonly row: Row<M> } // as: a whole row of the model
  }

  /**
   * Changes the row that has these unique values, or makes it with both.
   *
   * @throws {TypeError} if no unique set of the model is among the values
   */
  async updateOrCreate<const Key extends Partial<Insert<M>>>(
    key: Known<M, Key>,
    ...[values]: RestArguments<M, Key>
  ): Promise<{ readonly row: Row<M>; readonly isNew: boolean }> {
    const found = await updateOrCreate(this.source, { key, values: values ?? {} })
    return found as FoundOrMade & { readonly row: Row<M> } // as: a whole row of the model
  }

  /**
   * Changes the rows of this query, and tells how many. A value may be worked out by the database:
   * `update({ uses_left: f('uses_left').minus(1) })`.
   */
  async update(values: Changes<M>): Promise<number> {
    return updateQuery(this.source, values)
  }

  /**
   * Changes one row of this query and gives it back. With `version` only if it is still of that version.
   *
   * @throws {ApiError} `not_found`, or `precondition_failed` if the row has changed since
   */
  async updateOne(id: Id<M>, values: Changes<M>, { version }: ExpectedVersion = {}): Promise<Row<M>> {
    const row: unknown = await updateOne(this.source, id, { values, version })
    return row as Row<M> // as: a whole row of the model
  }

  /**
   * Deletes one row of this query. With `version` only if it is still of that version.
   *
   * @throws {ApiError} `not_found`, `protected`, or `precondition_failed` if the row has changed since
   */
  async deleteOne(id: Id<M>, { version }: ExpectedVersion = {}): Promise<void> {
    await deleteOne(this.source, id, { version })
  }

  /** Deletes the rows of this query, and tells how many; with soft delete they go to the bin. @throws {ApiError} `protected` if rows that stay point to them */
  async delete(): Promise<number> {
    return deleteQuery(this.source)
  }

  /** Takes the rows of this query out of the bin, and tells how many. */
  async restore(): Promise<number> {
    return restoreQuery(this.source)
  }
}
