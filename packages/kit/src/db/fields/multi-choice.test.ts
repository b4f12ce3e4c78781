import assert from 'node:assert/strict'
import { test } from 'node:test'
import { multiChoice, type Problem } from './index.ts'
import { refuses, takes } from './test-kinds.ts'

const days = () => multiChoice(['mon', 'tue', 'wed'])

test('some of the words are kept, each once and in the order given', () => {
  takes(days(), [
    [[], []],
    [
      ['wed', 'mon'],
      ['wed', 'mon'],
    ],
    [
      ['tue', 'tue', 'mon'],
      ['tue', 'mon'],
    ],
  ])
})

test('other words, and what is no list, are refused', () => {
  refuses(days(), '"sun" is not a valid choice.', [['mon', 'sun']])
  refuses(days(), '"1" is not a valid choice.', [[1]])
  refuses(days(), 'Expected a list of items but got type "string".', ['mon', ''])
  refuses(days(), 'Expected a list of items but got type "object".', [{ mon: true }, null])
})

test('how many there may be is checked', () => {
  const some = multiChoice(['mon', 'tue', 'wed'], { min: 2, max: 2 })
  refuses(some, 'This selection may not be empty.', [[]])
  refuses(some, 'Ensure this field has at least 2 elements.', [['mon'], ['mon', 'mon']])
  refuses(some, 'Ensure this field has no more than 2 elements.', [['mon', 'tue', 'wed']])
  assert.throws(
    () => multiChoice(['a'], { min: 2 }),
    /min and max must be whole numbers that 1 words allow, got 2 and 1/,
  )
  assert.throws(() => multiChoice([]), /Cannot declare multiChoice\(\): needs different words/)
})

test('its type is a list of its words', () => {
  const field = multiChoice(['mon', 'tue'], { validators: [(value) => (value.includes('mon') ? null : 'Mondays.')] })
  // @ts-expect-error "sun" is no word of it
  field.default(['mon']).types satisfies { input: readonly ['sun'] } | undefined
  const parsed: Problem | readonly string[] = field.kind.parse(['tue'])
  assert.deepEqual(parsed, ['tue'])
})
