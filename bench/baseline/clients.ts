/** A client as it goes out. Texts are ready for the wire: no `Date` and no number loses a digit on the way. */
export interface ClientRow {
  readonly id: string
  readonly name: string
  readonly email: string | null
  readonly phone: string | null
  readonly status: string
  readonly owner: string | null
  readonly credit: string
  readonly notes: string | null
  readonly tags: unknown
  readonly birthday: string | null
  readonly created_at: string
  readonly updated_at: string
}

export interface NewClient {
  readonly name: string
  readonly email?: string | null
  readonly phone?: string | null
  readonly status?: string
  readonly owner?: string | null
  readonly credit?: string
  readonly notes?: string | null
  readonly tags?: unknown
  readonly birthday?: string | null
}

export interface ListQuery {
  readonly page: number
  readonly page_size: number
  readonly status?: string
  readonly search?: string
}

export interface Page {
  readonly rows: readonly ClientRow[]
  readonly count: number
}

/** Who asks: every statement is held to the business. */
export interface Caller {
  readonly business: string
  readonly user: string
}

/** The table of clients in one kind of database. */
export interface Clients {
  list(caller: Caller, query: ListQuery): Promise<Page>
  find(caller: Caller, id: string): Promise<ClientRow | null>
  /** @throws {DuplicateEmailError} */
  create(caller: Caller, client: NewClient): Promise<ClientRow>
  ping(): Promise<void>
  close(): Promise<void>
}

export class DuplicateEmailError extends Error {}
