import { type AnyModel, columnNamed } from '../../models/index.ts'
import { quoteName } from './sql-text.ts'

/** What PostgreSQL asks of a row before a statement may see or write it. */
export interface RowPolicy {
  /** The condition, in its SQL. */
  readonly condition: string
  /** The table that ties a shared row to businesses, with the columns that the condition reads. */
  readonly link: { readonly table: string; readonly columns: readonly string[] } | null
}

/** The one policy of each table that has any. */
export const POLICY_NAME = 'bailiwick_rows'

const SETTING = "current_setting('app.business', true)"

// Each in a select of its own: PostgreSQL then works it out once for a statement, and not once for each row. After a
// transaction in which it was set, a setting that was never set before is empty instead of null.
const BUSINESS = `(select nullif(nullif(${SETTING}, ''), '*')::uuid)`
const IS_EVERY_BUSINESS = `(select ${SETTING} = '*')`
const IS_NO_SINGLE_BUSINESS = `(select coalesce(${SETTING}, '') = any (array['', '*']))`

/** The policy of a model's table: null where everyone may have every row. */
export function rowPolicyOf(model: AnyModel, target: (label: string) => AnyModel): RowPolicy | null {
  if (model.scope === 'business') return { condition: `business_id = ${BUSINESS} or ${IS_EVERY_BUSINESS}`, link: null }
  const shared = model.sharedThrough?.()
  if (!shared) return null
  const through = typeof shared.model === 'string' ? target(shared.model) : shared.model
  return sharedPolicy(model, through, columnNamed(through, shared.field).column)
}

/** Signing in looks users up before there is a business, so outside any the rows are seen, as they are by the wall. */
function sharedPolicy(model: AnyModel, through: AnyModel, column: string): RowPolicy {
  const columns = [column, 'business_id', ...(through.hasSoftDelete ? ['deleted_at'] : [])]
  const isTied = [
    `link.${quoteName(column, 'postgresql')} = ${quoteName(model.table, 'postgresql')}.id`,
    `link.business_id = ${BUSINESS}`,
    ...(through.hasSoftDelete ? ['link.deleted_at is null'] : []),
  ].join(' and ')
  const tie = `exists (select from ${quoteName(through.table, 'postgresql')} link where ${isTied})`
  return { condition: `${IS_NO_SINGLE_BUSINESS} or ${tie}`, link: { table: through.table, columns } }
}

/** Puts a table under the policy, its owner included. */
export function holdRowsApart(table: string, { condition }: RowPolicy): string[] {
  const name = quoteName(table, 'postgresql')
  return [
    `create policy ${POLICY_NAME} on ${name} using (${condition}) with check (${condition})`,
    `alter table ${name} enable row level security, force row level security`,
  ]
}

export function letRowsGo(table: string): string[] {
  const name = quoteName(table, 'postgresql')
  return [
    `drop policy if exists ${POLICY_NAME} on ${name}`,
    `alter table ${name} disable row level security, no force row level security`,
  ]
}
