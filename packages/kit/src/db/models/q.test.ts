import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isQ, type Q, q } from './q.ts'

interface TicketFilter {
  readonly title?: string
  readonly state?: 'open' | 'closed' | null
  readonly state__in?: readonly ('open' | 'closed')[]
  readonly size?: number
}

const wanted = (condition: TicketFilter | Q<TicketFilter>): unknown => condition

describe('a condition', () => {
  test('is plain data around filters', () => {
    const condition = q.or({ state: 'open' }, q.not(q.and({ size: 1 }, { state__in: ['closed'] })))
    assert.deepEqual(condition, {
      kind: 'or',
      parts: [
        { state: 'open' },
        { kind: 'not', parts: [{ kind: 'and', parts: [{ size: 1 }, { state__in: ['closed'] }] }] },
      ],
    })
    assert.equal(JSON.stringify(q.not({ size: 1 })), '{"kind":"not","parts":[{"size":1}]}')
  })

  test('cannot be changed once it is made', () => {
    const states = ['open']
    const filter = { state__in: states }
    const condition = q.not(filter)
    states.push('closed')
    assert.deepEqual(condition.parts, [{ state__in: ['open'] }])
    assert.ok(Object.isFrozen(condition) && Object.isFrozen(condition.parts) && Object.isFrozen(condition.parts[0]))
  })

  test('is told from a filter by fields named like its parts', () => {
    assert.equal(isQ(q.or()), true)
    assert.equal(isQ({ kind: 'or', parts: [] }), false)
    assert.equal(isQ(null), false)
  })

  test('takes filters and conditions, and nothing else', () => {
    assert.throws(() => q.or([] as never), /Cannot make a condition of a list/)
    assert.throws(() => q.not(null as never), /Cannot make a condition of null/)
    assert.throws(() => q.or('x' as never), /Cannot make a condition of string/)
    assert.throws(() => q.or({ size: undefined } as never), /"size" is undefined/)
  })
})

test('a misspelt field or a wrong value inside a condition does not compile', () => {
  const kept = q.or({ state: 'open', size: 2 }, q.not({ title: 'x' }))
  const misspelt = q.or({ state: 'open' }, q.not({ titel: 'x' }))
  const hidden = q.or({ state: 'open', titel: 'x' })
  const wrong = q.and({ state: 'gone' }, { title: 'x' })
  const given = [
    wanted(q.or({ state: 'open' }, { state__in: ['closed'] }, q.not({ title: 'x' }))),
    wanted(kept),
    // @ts-expect-error there is no field titel
    wanted(q.or({ titel: 'x', state: 'open' })),
    // @ts-expect-error gone is no state
    wanted(q.not({ state: 'gone' })),
    // @ts-expect-error there is no field titel, deep inside
    wanted(q.or(q.and(q.not({ titel: 'x', size: 1 }), { size: 1 }), { state: 'open' })),
    // @ts-expect-error there is no field titel in one of the parts
    wanted(misspelt),
    // @ts-expect-error there is no field titel beside a right one
    wanted(hidden),
    // @ts-expect-error gone is no state
    wanted(wrong),
  ]
  assert.equal(given.length, 8)
})
