import { checkedValue, Field, type JsonField, json, Problem } from '../../db/index.ts'
import { businessFields } from '../models/user-models.ts'

/** A business as a registration asks for it. */
export type AskedBusiness = { readonly name: string; readonly slug: string | null }

/** A business that is to be made along with an account: `{ "name": "Acme Trading", "slug": "acme" }`. */
export function businessField({ help }: { readonly help?: string } = {}): JsonField<AskedBusiness> {
  const { kind, settings } = json<AskedBusiness>({ ...(help !== undefined && { help }) })
  return new Field({ ...kind, parse: parseBusiness, schema: SCHEMA, example: EXAMPLE }, settings)
}

const EXAMPLE = { name: 'Acme Trading', slug: 'acme' }
const { name: NAME, slug: SLUG } = businessFields()
const SCHEMA = {
  type: 'object',
  properties: {
    name: NAME.kind.schema,
    slug: { ...SLUG.kind.schema, description: 'Its name in addresses. Left out or taken, another is made from it.' },
  },
  required: ['name'],
  additionalProperties: false,
}

function parseBusiness(input: unknown): AskedBusiness | Problem {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return new Problem('Expected an object.')
  const given: Readonly<Record<string, unknown>> = { ...input }
  const problems = Object.keys(given)
    .filter((key) => key !== 'name' && key !== 'slug')
    .slice(0, 1)
    .map(() => 'Unknown field. Allowed: name, slug.')
  const name = given.name === undefined ? new Problem('This field is required.') : checked(NAME, given.name)
  const slug = given.slug === undefined || given.slug === null ? null : checked(SLUG, given.slug)
  if (name instanceof Problem) problems.push(...name.messages.map((message) => `name: ${message}`))
  if (slug instanceof Problem) problems.push(...slug.messages.map((message) => `slug: ${message}`))
  return problems.length > 0
    ? new Problem(...problems)
    : { name: String(name), slug: slug === null ? null : String(slug) }
}

function checked(field: Pick<Field, 'kind' | 'settings'>, value: unknown): unknown {
  return value === null ? new Problem('This field may not be null.') : checkedValue(field, value)
}
