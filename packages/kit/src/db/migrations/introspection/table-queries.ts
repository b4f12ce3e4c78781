/** How a database is asked for its tables. Rows come in the order of the columns of a key. */
export interface TableQueries {
  /** Gives (table, column, type, whether it may be null). */
  readonly columns: string
  /** Gives (table, index, whether it is the primary key, is unique, which rows it covers, column as in `IndexFacts`, method). */
  readonly indexes: string
  /** Gives (table, key, target table, column, target column). */
  readonly foreignKeys: string
  /** Gives (table, check); or, where the database does not list checks, (table, null, the SQL that made the table). */
  readonly checks: string
  /** Gives (table, whether row security is on, is forced, policy, `*` if it is for all, condition, check), where there is any. */
  readonly rowSecurity?: string
}
