/** What the wall has to know of a table. */
export interface TenancyTable {
  readonly table: string
  readonly scope: 'business' | 'global'
  /** The column that holds the business, of a table of scope `business`. */
  readonly businessColumn?: string
  /**
   * A global table of which a business sees only the rows tied to it through a scoped table (users, through their
   * memberships): those whose `id` stands in `column` of the business's rows of `table`.
   */
  readonly sharedThrough?: TenancyLink
}

/** The table that ties rows of a global table to businesses. */
export interface TenancyLink {
  readonly table: string
  readonly column: string
  readonly businessColumn: string
  /** The column that is null in rows that are not deleted: a link in the bin ties nothing. */
  readonly deletedColumn?: string
}

/** All tables that a query may name. What is not in it is refused. */
export interface TenancyCatalogue {
  find(table: string): TenancyTable | undefined
  names(): Iterable<string>
}

/**
 * Finds a table whatever the case of its name. SQLite, and MySQL on some systems, take `Clients` for `clients`: the
 * wall must not be passed by a capital letter.
 */
export function findTable(catalogue: TenancyCatalogue, name: string): TenancyTable | undefined {
  const lower = name.toLowerCase()
  const found = catalogue.find(name) ?? catalogue.find(lower)
  if (found !== undefined) return found
  for (const known of catalogue.names()) if (known.toLowerCase() === lower) return catalogue.find(known)
  return undefined
}

/** Whether a business may see and touch only some rows of the table. */
export function isDivided(table: TenancyTable): boolean {
  return table.scope === 'business' || table.sharedThrough !== undefined
}
