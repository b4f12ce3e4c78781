import { randomInt } from 'node:crypto'
import { ApiError } from '../../base/index.ts'
import type { Context, Row } from '../../db/index.ts'
import type { AuthModels } from '../models/auth-models.ts'
import type { BusinessModel } from '../models/user-models.ts'

/** A business that somebody wants along with their account. */
export interface WantedBusiness {
  readonly name: string
  /** Its name in addresses; left out, it is made from the name. */
  readonly slug?: string | null
}

const LONGEST_SLUG = 50
const MOST_NUMBERED = 9
const RANDOM_DIGITS = 6

/** Makes a business with the user as its admin, in the transaction of `tx`. Its slug is made one of a kind. */
export async function makeOwnBusiness(
  tx: Context,
  models: AuthModels,
  { name, slug, userId }: WantedBusiness & { readonly userId: string },
): Promise<Row<BusinessModel>> {
  const business = await makeBusiness(tx, models.business, { name, wanted: slug ?? slugOf(name) })
  const membership = { business_id: business.id, user: userId, role: 'admin' } as const
  // The business does not see the user before there is a membership, so this reaches across: it is audited.
  await tx.acrossBusinesses('A user becomes the admin of the business that they made', (all) =>
    all.query(models.membership).create(membership),
  )
  return business
}

/**
 * A name as it may stand in an address: without accents, in lower case.
 *
 * @example
 * assert.equal(slugOf('Café Müller & Söhne'), 'cafe-muller-sohne')
 */
export function slugOf(name: string): string {
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const slug = plain.replaceAll(/[^a-z0-9]+/g, '-').slice(0, LONGEST_SLUG)
  return slug.replaceAll(/^-+|-+$/g, '') || 'business'
}

/** The database says which slug is taken: to look first would let two find the same one free. */
async function makeBusiness(
  tx: Context,
  model: BusinessModel,
  { name, wanted }: { readonly name: string; readonly wanted: string },
): Promise<Row<BusinessModel>> {
  for (const slug of candidates(wanted)) {
    // A savepoint of its own, as PostgreSQL goes on with no transaction in which a statement has failed.
    const made = await tx.transaction((savepoint) => savepoint.query(model).create({ name, slug })).catch(nullIfTaken)
    if (made !== null) return made
  }
  throw new ApiError('conflict', { errors: { business: ['No name in addresses is free. Choose another.'] } })
}

function* candidates(wanted: string): Generator<string> {
  yield wanted
  for (let number = 2; number <= MOST_NUMBERED; number++) yield withSuffix(wanted, `${number}`)
  for (let count = 0; count < MOST_NUMBERED; count++) {
    yield withSuffix(wanted, String(randomInt(10 ** RANDOM_DIGITS)).padStart(RANDOM_DIGITS, '0'))
  }
}

function withSuffix(slug: string, suffix: string): string {
  return `${slug.slice(0, LONGEST_SLUG - suffix.length - 1)}-${suffix}`
}

function nullIfTaken(error: unknown): null {
  if (error instanceof ApiError && error.code === 'conflict') return null
  throw error
}
