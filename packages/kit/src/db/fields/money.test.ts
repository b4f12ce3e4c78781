import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Insert, model, type Row } from '../models/index.ts'
import { currency, currencyPlaces, money } from './index.ts'
import { refuses, takes } from './test-kinds.ts'

test('a currency is a code of ISO 4217', () => {
  takes(currency(), [
    ['BHD', 'BHD'],
    [' usd ', 'USD'],
  ])
  const message = 'Enter a valid currency code of ISO 4217, such as EUR.'
  refuses(currency(), message, ['', 'XYZ', 'US', 'USDX', '€', 1, null, {}])
  refuses(currency({ only: ['BHD'] }), message, ['USD'])
  assert.throws(() => currency({ only: ['BHD', 'XYZ'] }), /needs different codes of ISO 4217, got "XYZ"/)
  assert.throws(() => currency({ only: [] }), /needs different codes of ISO 4217, got \[\]/)
  assert.deepEqual(['JPY', 'EUR', 'BHD'].map(currencyPlaces), [0, 2, 3])
})

test('money is an amount and its currency', () => {
  const { price, price_currency } = money('price', { digits: 6, places: 2, min: 0, label: 'Price' })
  takes(price, [['1.5', '1.50']])
  refuses(price, 'Ensure that there are no more than 2 decimal places.', ['1.001'])
  refuses(price, 'Ensure this value is greater than or equal to 0.', ['-1'])
  takes(price_currency, [['JPY', 'JPY']])
  assert.equal(price_currency.settings.label, 'Price currency')
})

test('an amount has room for the places of its currencies', () => {
  const parts = { digits: 12, places: 2 } as const
  assert.throws(() => money('price', { ...parts, currencies: ['USD', 'BHD'] }), /BHD has 3 places, the amount has 2/)
  assert.throws(() => money('price', { ...parts, currency: 'KWD' }), /KWD has 3 places, the amount has 2/)
  assert.throws(() => money('price', { ...parts, currency: 'XYZ' }), /Cannot use XYZ as the default of currency\(\)/)
})

test('an amount that may be null still has a currency', () => {
  assert.throws(
    () => money('price', { digits: 12, places: 2, optional: true }),
    /Cannot declare money\('price'\): an optional amount needs a default currency/,
  )
})

test('the types of both fields follow the options', () => {
  const Item = model('shop.Item', {
    scope: 'global',
    reason: 'A test.',
    fields: {
      ...money('price', { digits: 12, places: 3, currencies: ['BHD', 'USD'], currency: 'BHD', default: '0' }),
      ...money('cost', { digits: 12, places: 3, currency: 'BHD', optional: true }),
      ...money('fee', { digits: 12, places: 3 }),
    },
  })
  const fee = { fee: '1', fee_currency: 'EUR' }
  const least: Insert<typeof Item> = { ...fee }
  const more: Insert<typeof Item> = { ...fee, price: 2, price_currency: 'USD', cost: null }
  assert.ok(least && more)
  // @ts-expect-error only two currencies are taken
  const wrong: Insert<typeof Item> = { ...fee, price_currency: 'EUR' }
  // @ts-expect-error the fee has no default
  const missing: Insert<typeof Item> = {}
  assert.ok(wrong && missing)
  const read = (row: Row<typeof Item>): string => `${row.price} ${row.price_currency} ${row.fee}`
  // @ts-expect-error the cost may be null
  const readCost = (row: Row<typeof Item>): string => row.cost
  assert.equal(typeof read, typeof readCost)
})
