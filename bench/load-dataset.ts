import { hashPassword } from '@bailiwick/kit/auth'
import type { BenchDatabase, LoadedColumn, LoadedValue } from './database/index.ts'
import { businessId, clientRow, type DatasetSize, userEmail, userId } from './dataset.ts'

/** The password of every user that is loaded. */
export const PASSWORD = 'Bench-pass-2026'

const ROWS_PER_STATEMENT = 5000
const MOMENT = '2024-01-01T00:00:00Z'

const UUIDS = ['id', 'business_id', 'user_id', 'owner_id', 'created_by', 'updated_by']
const MOMENTS = ['created_at', 'updated_at']
const FLAGS = ['is_active', 'is_superuser']

type Records = readonly Readonly<Record<string, LoadedValue>>[]

/** Loads a user, a business and a membership as admin for each business, and the clients. */
export async function loadDataset(database: BenchDatabase, size: DatasetSize): Promise<void> {
  const password = await hashPassword(PASSWORD)
  const businesses = Array.from({ length: size.businesses }, (_, business) => business)
  await loadRecords(
    database,
    'account_user',
    businesses.map((business) => userRecord(business, password)),
  )
  await loadRecords(database, 'business_business', businesses.map(businessRecord))
  await loadRecords(database, 'business_membership', businesses.map(membershipRecord))
  for (let at = 0; at < size.rows; at += ROWS_PER_STATEMENT) {
    const length = Math.min(ROWS_PER_STATEMENT, size.rows - at)
    await loadRecords(
      database,
      'clients_client',
      Array.from({ length }, (_, nth) => clientRecord(at + nth, size)),
    )
  }
  await database.settle()
}

async function loadRecords(database: BenchDatabase, table: string, records: Records): Promise<void> {
  const columns = Object.keys(records[0] ?? {}).map((name): LoadedColumn => ({ name, type: typeOf(name) }))
  await database.load(
    table,
    columns,
    records.map((record) => Object.values(record)),
  )
}

function typeOf(name: string): LoadedColumn['type'] {
  if (UUIDS.includes(name)) return 'uuid'
  if (MOMENTS.includes(name)) return 'timestamptz'
  if (FLAGS.includes(name)) return 'boolean'
  if (name === 'birthday') return 'date'
  if (name === 'credit') return 'numeric'
  return name === 'tags' ? 'jsonb' : 'text'
}

const userRecord = (business: number, password: string) => ({
  id: userId(business),
  email: userEmail(business),
  name: `Owner ${business}`,
  password,
  is_active: true,
  is_superuser: false,
})

const businessRecord = (business: number) => ({
  id: businessId(business),
  name: `Business ${business}`,
  slug: `business-${business}`,
  is_active: true,
})

const membershipRecord = (business: number) => ({
  id: userId(business),
  business_id: businessId(business),
  user_id: userId(business),
  role: 'admin',
  created_at: MOMENT,
  updated_at: MOMENT,
})

function clientRecord(index: number, size: DatasetSize) {
  const { id, businessId: business_id, ownerId: owner_id, tags, createdAt, ...plain } = clientRow(index, size)
  return {
    id,
    business_id,
    owner_id,
    tags: JSON.stringify(tags),
    created_at: createdAt,
    updated_at: createdAt,
    ...plain,
  }
}
