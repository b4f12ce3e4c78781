import type { Statement } from '../dialect.ts'

/** What the policies of the tables compare with. Set for a transaction, never for a session: behind PgBouncer a session is shared. */
export const BUSINESS_SETTING = 'app.business'

/** Sets it for the open transaction, or the implicit one up to the next `Sync`. It gives no row that would have to be read. */
export const SET_BUSINESS: Statement = {
  sql: `select where set_config('${BUSINESS_SETTING}', $1, true) is null`,
  name: 'bw_set_business',
}

/** What the setting is outside any business. */
export const NO_BUSINESS = ''
