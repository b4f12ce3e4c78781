import {
  bigInteger,
  choice,
  datetime,
  decimal,
  duration,
  float,
  foreignKey,
  integer,
  type RelationTarget,
  text,
} from '../fields/index.ts'
import { type AnyModel, type ManyRelated, manyToMany, model } from '../models/index.ts'
import type { Context } from './context.ts'

export const Region = model('sale.Region', { scope: 'business', fields: { name: text() } })
export const Label = model('sale.Label', { scope: 'business', fields: { name: text() } })
export const Buyer = model('sale.Buyer', {
  scope: 'business',
  fields: {
    name: text(),
    status: choice(['lead', 'active']).default('lead'),
    region: foreignKey(() => Region, { onDelete: 'cascade', relatedName: 'buyers' }).optional(),
    credit: decimal({ digits: 12, places: 2 }).default('0'),
    visits: integer().optional(),
    huge: bigInteger().default(0n),
    score: float().optional(),
    waited: duration().optional(),
    labels: manyToMany(() => Label, { through: (): RelationTarget => BuyerLabel, relatedName: 'buyers' }),
  },
  ordering: ['name'],
})
export const BuyerLabel = model('sale.BuyerLabel', {
  scope: 'business',
  fields: {
    buyer: foreignKey((): AnyModel => Buyer, { onDelete: 'cascade', relatedName: false }),
    label: foreignKey(() => Label, { onDelete: 'cascade', relatedName: false }),
  },
})
export const Order = model('sale.Order', {
  scope: 'business',
  fields: {
    buyer: foreignKey(() => Buyer, { onDelete: 'cascade', relatedName: 'orders' }),
    status: choice(['open', 'paid']).default('open'),
    amount: decimal({ digits: 12, places: 2 }),
    placed_at: datetime().optional(),
  },
})
export const Line = model('sale.Line', {
  scope: 'business',
  softDelete: false,
  fields: { order: foreignKey(() => Order, { onDelete: 'cascade', relatedName: 'lines' }), pieces: integer() },
})

declare module '../models/related-names.ts' {
  interface RelatedNames {
    'sale.Region': { readonly buyers: ManyRelated<typeof Buyer> }
    'sale.Buyer': { readonly orders: ManyRelated<typeof Order> }
    'sale.Order': { readonly lines: ManyRelated<typeof Line> }
  }
}

export const SALES = [Region, Label, Buyer, BuyerLabel, Order, Line]

/** Makes four buyers in two states, with three orders of two of them; a fifth buyer and a fourth order are in the bin. */
export async function makeSales(ctx: Context): Promise<void> {
  const north = await ctx.query(Region).create({ name: 'North' })
  const [ann, bob] = await ctx.query(Buyer).bulkCreate([
    {
      name: 'Ann',
      status: 'active',
      region: north.id,
      credit: '0.10',
      visits: 2,
      huge: 2n ** 63n - 1n,
      score: 0.5,
      waited: '00:00:01',
    },
    {
      name: 'Bob',
      status: 'active',
      region: north.id,
      credit: '0.20',
      visits: 5,
      huge: 2n ** 63n - 1n,
      waited: '00:00:02',
    },
    { name: 'Cid', credit: '-3', visits: 2 },
    { name: 'Dee', credit: '999.99' },
    { name: 'Gone', credit: '7777' },
  ])
  await ctx.query(Buyer).filter({ name: 'Gone' }).delete()
  const [first, second] = await ctx.query(Order).bulkCreate([
    { buyer: ann?.id ?? '', status: 'paid', amount: '10.10', placed_at: new Date('2026-01-01T00:00:00Z') },
    { buyer: ann?.id ?? '', amount: '20.20', placed_at: new Date('2026-02-01T10:00:00Z') },
    { buyer: bob?.id ?? '', status: 'paid', amount: '5' },
    { buyer: bob?.id ?? '', status: 'paid', amount: '500' },
  ])
  await ctx.query(Order).filter({ amount: '500' }).delete()
  await ctx.query(Line).bulkCreate([
    { order: first?.id ?? '', pieces: 1 },
    { order: first?.id ?? '', pieces: 2 },
    { order: second?.id ?? '', pieces: 4 },
  ])
  const labels = await ctx.query(Label).bulkCreate(['vip', 'new', 'late'].map((name) => ({ name })))
  await ctx.query(BuyerLabel).bulkCreate(labels.map(({ id }) => ({ buyer: ann?.id ?? '', label: id })))
}
