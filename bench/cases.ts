import type { Request } from 'autocannon'
import { clientRow, type DatasetSize, firstRowOf, searchTerm } from './dataset.ts'

export const CASE_NAMES = ['list', 'filter', 'retrieve', 'create'] as const

export type CaseName = (typeof CASE_NAMES)[number]

/** Somebody signed in to a business. */
export interface SignedIn {
  /** The number of the business. */
  readonly business: number
  readonly access: string
}

/** The requests of each case, spread over many businesses. */
export type CaseRequests = Readonly<Record<CaseName, readonly Request[]>>

const PATH = '/api/clients/clients/'
const REQUESTS_PER_TOKEN = 5
const STATUSES = ['active', 'active', 'active', 'lead', 'archived'] as const

/** @throws {RangeError} if nobody is signed in */
export function caseRequests(signedIn: readonly SignedIn[], size: DatasetSize): CaseRequests {
  if (signedIn.length === 0) throw new RangeError('Cannot make requests: nobody is signed in')
  const each = (make: (who: SignedIn, turn: number) => Request): Request[] =>
    Array.from({ length: REQUESTS_PER_TOKEN }, (_, turn) => signedIn.map((who) => make(who, turn))).flat()
  return {
    list: each((who) => get(who, PATH)),
    filter: each((who, turn) => get(who, `${PATH}?${filterQuery(who.business * REQUESTS_PER_TOKEN + turn, turn)}`)),
    retrieve: each((who, turn) => get(who, `${PATH}${clientOf(who.business, turn, size)}/`)),
    create: each((who, turn) => post(who, newClient(who.business, turn))),
  }
}

function filterQuery(number: number, turn: number): string {
  const status = STATUSES[turn % STATUSES.length] ?? 'active'
  return new URLSearchParams({ status, search: searchTerm(number) }).toString()
}

/** A client of the business, another in each turn. */
function clientOf(business: number, turn: number, size: DatasetSize): string {
  const first = firstRowOf(business, size)
  const nth = Math.floor(((firstRowOf(business + 1, size) - first) * turn) / REQUESTS_PER_TOKEN)
  return clientRow(first + nth, size).id
}

function newClient(business: number, turn: number): string {
  return JSON.stringify({
    name: `Newcomer ${business}`,
    email: 'newcomer.[<id>]@example.test', // autocannon puts another id into every request
    phone: `+97317${String(business).padStart(6, '0')}`,
    status: 'lead',
    credit: `${100 + turn}.50`,
    notes: 'Came in through the website and wants to be called back.',
    tags: ['newsletter', 'retail'],
    birthday: '1990-05-17',
  })
}

const get = ({ access }: SignedIn, path: string): Request => ({
  method: 'GET',
  path,
  headers: { authorization: `Bearer ${access}` },
})

const post = ({ access }: SignedIn, body: string): Request => ({
  method: 'POST',
  path: PATH,
  headers: { authorization: `Bearer ${access}`, 'content-type': 'application/json' },
  body,
})
