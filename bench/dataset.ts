/** How much is loaded. */
export interface DatasetSize {
  readonly rows: number
  readonly businesses: number
}

/** A client as it is loaded: the same for the same number, on every machine and database. */
export interface ClientRow {
  readonly id: string
  readonly businessId: string
  readonly name: string
  readonly email: string
  readonly phone: string
  readonly status: string
  readonly ownerId: string | null
  readonly credit: string
  readonly notes: string | null
  readonly tags: readonly string[]
  readonly birthday: string | null
  readonly createdAt: string
}

const FIRST_NAMES =
  'Asha Omar Lena Yusuf Mei Carlos Fatima Ivan Noor Ingrid Kofi Priya Hassan Zoe Mateo Aiko Salma Viktor Amina Lucas Dalia Henrik Rania Tomas Leila Bruno Hana Karim Nadia Felix Maryam Oscar Samira Anton Layla Hugo Reem Pavel Dina Marco'.split(
    ' ',
  )
const LAST_NAMES =
  'Khan Haddad Novak Okafor Tanaka Silva Mansour Petrov Larsen Mehta Rossi Dubois Farouk Weber Costa Nakamura Ibrahim Schmidt Moreau Ali Jansen Kowalski Aziz Fernandez Lindgren Popescu Rahman Keller Santos Yilmaz Bergman Duarte Halabi Ivanov Marino Nasser Ortega Fischer Qureshi Vidal'.split(
    ' ',
  )
const STATUSES = ['active', 'active', 'active', 'active', 'active', 'active', 'active', 'lead', 'lead', 'archived']
const TAGS = ['vip', 'north', 'south', 'wholesale', 'retail', 'late payer', 'newsletter', 'partner']
const NOTE =
  'Prefers to be called in the morning; asks for the quarterly statement by e-mail and pays within thirty days.'

const FIRST_MOMENT_MS = Date.parse('2024-01-01T00:00:00Z')
const STEP_MS = 60_000

/** Everything loaded was created before; what a run creates comes after. */
export const LAST_MOMENT = '2025-12-31T00:00:00Z'

/** The client of that number, from 0. The clients of a business follow each other. */
export function clientRow(index: number, { rows, businesses }: DatasetSize): ClientRow {
  const random = mix(index)
  const first = pick(FIRST_NAMES, random)
  const last = pick(LAST_NAMES, mix(random + 1))
  const business = Math.floor((index * businesses) / rows)
  // However many there are, they end before LAST_MOMENT.
  const stepMs = Math.max(1, Math.min(STEP_MS, Math.floor((Date.parse(LAST_MOMENT) - FIRST_MOMENT_MS) / (rows + 1))))
  const createdMs = FIRST_MOMENT_MS + index * stepMs
  return {
    id: idOf(createdMs, random),
    businessId: businessId(business),
    name: `${first} ${last}`,
    email: `${first}.${last}.${index}@example.test`.toLowerCase(),
    phone: `+9733${String(random % 10_000_000).padStart(7, '0')}`,
    status: pick(STATUSES, mix(random)),
    ownerId: random % 3 === 0 ? null : userId(business),
    credit: ((random % 500_000) / 100).toFixed(2),
    notes: random % 5 < 3 ? null : NOTE,
    tags: TAGS.slice(random % 8, (random % 8) + (random % 4)),
    birthday: random % 3 === 1 ? null : new Date(Date.UTC(1950, 0, 1 + (random % 20_000))).toISOString().slice(0, 10),
    createdAt: new Date(createdMs).toISOString(),
  }
}

/** The number of the first client of a business. */
export const firstRowOf = (business: number, { rows, businesses }: DatasetSize): number =>
  Math.ceil((business * rows) / businesses)

export const businessId = (business: number): string => idOf(FIRST_MOMENT_MS - 2_000_000_000 + business, business + 1)
export const userId = (business: number): string => idOf(FIRST_MOMENT_MS - 1_000_000_000 + business, business + 1)
export const userEmail = (business: number): string => `owner.${business}@example.test`

/** What people look for: a name, the beginning of one, a piece of a telephone number. */
export function searchTerm(number: number): string {
  const random = mix(number + 7919)
  switch (number % 4) {
    case 0:
      return pick(FIRST_NAMES, random).toLowerCase()
    case 1:
      return pick(LAST_NAMES, random)
    case 2:
      return pick(LAST_NAMES, random).slice(0, 2 + (random % 2))
    default:
      return String(random % 1000).padStart(3, '0')
  }
}

function pick(from: readonly string[], random: number): string {
  return from[random % from.length] ?? ''
}

/** Scatters whole numbers evenly: the finalizer of MurmurHash3. */
function mix(value: number): number {
  let hash = value ^ 0x9e3779b9
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** A UUID of version 7. */
function idOf(ms: number, random: number): string {
  const time = ms.toString(16).padStart(12, '0')
  const low = random.toString(16).padStart(8, '0')
  const high = mix(random).toString(16).padStart(8, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${low.slice(0, 3)}-8${low.slice(3, 6)}-${low.slice(4)}${high}`
}
