import type { Insert } from '@bailiwick/kit/db'
import type { Client } from '../apps/clients/models.ts'

const GIVEN_NAMES =
  'Amina Bashir Carla Daniel Elena Farid Grace Hassan Ines Jonas Karima Liam Mariam Nadia Omar Petra Qasim Rosa Samir Tessa Umar Vera Walid Xenia Yusuf Zainab Anton Beatriz Cyrus Dalia Emil Fatima Goran Huda Ivan Jamila Kofi Leila Marco Noor'.split(
    ' ',
  )
const FAMILY_NAMES =
  'Haddad Jensen Kowalski Mensah Nakamura Okafor Pereira Quinn Rahman Silva Torres Ueda Vargas Weber Yilmaz Zidan Almeida Becker Costa Dubois Eriksen Fischer Garcia Hussain Ibrahim Jaber Khan Lindgren Moreau Novak Owusu Petrov Rossi'.split(
    ' ',
  )
const TAGS = ['vip', 'retail', 'wholesale', 'export', 'newsletter', 'prefers-email', 'trade-fair', 'referred']
const NOTES = [
  'Asks for an invoice by the end of each month.',
  'Prefers to be called in the morning.',
  'Met at the spring trade fair; wants a quote for the whole range.',
  'Pays within ten days, always.',
]

export interface DemoClientsOptions {
  /** The domain of their e-mail addresses. */
  readonly domain: string
  /** Where in the lists to begin, so that two businesses do not have the same people. */
  readonly start: number
  /** Ids of members that look after clients, in turn. */
  readonly owners: readonly string[]
}

/** Believable clients, the same every time. 40 given names and 33 family names pair 1320 times before one comes again. */
export function demoClients(count: number, options: DemoClientsOptions): Insert<typeof Client>[] {
  return Array.from({ length: count }, (_, index) => demoClient(index + options.start, options))
}

function demoClient(number: number, { domain, owners }: DemoClientsOptions): Insert<typeof Client> {
  const given = pick(GIVEN_NAMES, number)
  const family = pick(FAMILY_NAMES, number * 7)
  return {
    name: `${given} ${family}`,
    email: `${given}.${family}@${domain}`.toLowerCase(),
    phone: `+9731${String(7_000_000 + ((number * 7919) % 1_000_000))}`,
    status: pick(['active', 'active', 'lead', 'active', 'archived', 'lead', 'active'] as const, number),
    owner: number % 4 === 3 ? null : pick(owners, number),
    credit: `${(number * 137) % 5000}.${String((number * 31) % 100).padStart(2, '0')}`,
    notes: number % 5 === 0 ? pick(NOTES, number / 5) : null,
    tags: number % 3 === 0 ? [pick(TAGS, number), pick(TAGS, number + 3)] : [],
    birthday: number % 6 === 0 ? null : birthday(number),
  }
}

function birthday(number: number): string {
  const day = new Date(Date.UTC(1955 + ((number * 11) % 50), (number * 5) % 12, 1 + ((number * 17) % 28)))
  return day.toISOString().slice(0, 10)
}

function pick<Item>(items: readonly Item[], number: number): Item {
  const item = items[number % items.length]
  if (item === undefined) throw new RangeError('Cannot pick from an empty list')
  return item
}
