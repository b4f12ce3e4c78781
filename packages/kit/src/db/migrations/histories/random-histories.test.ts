import { after, describe, it } from 'node:test'
import fc from 'fast-check'
import { type TestDatabase, testDatabases } from '../../dialects/index.ts'
import { live } from './live-history.ts'
import { ACTS, type Change } from './random-acts.ts'

const IS_LONG = process.env.LONG === '1'
const COUNT = Number(process.env.HISTORIES ?? (IS_LONG ? 200 : 5))
/** Others every time in the long run, and the same ones everywhere else. */
const SEED = Number(process.env.SEED ?? (IS_LONG ? Date.now() % 1_000_000 : 20260))

const number = fc.nat(1000)
const change: fc.Arbitrary<Change> = fc.record({
  act: fc.constantFrom(...ACTS),
  model: number,
  field: number,
  pick: number,
})
const history = fc.record({
  first: fc.array(change, { minLength: 1, maxLength: 3 }),
  versions: fc.array(fc.array(change, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 5 }),
  turn: number,
})

const done = new Map<string, number>()

for (const source of testDatabases()) {
  describe(`random histories of models (${source.name})`, () => {
    it('lead to what the models want, back and forth, with the rows that survive', {
      timeout: IS_LONG ? 7_200_000 : 240_000,
    }, async () => {
      const test: TestDatabase = await source.create()
      try {
        await fc.assert(
          fc.asyncProperty(history, async (given) => {
            await live(given, test.database)
            count(source.name)
          }),
          { numRuns: COUNT, seed: SEED, endOnFailure: true },
        )
      } finally {
        await test.drop()
      }
    })
  })
}

after(() => {
  const counts = [...done].map(([name, histories]) => `${name} ${histories}`)
  if (IS_LONG) console.log(`random histories: ${counts.join(', ')}; seed ${SEED}`)
})

function count(name: string): void {
  const histories = (done.get(name) ?? 0) + 1
  done.set(name, histories)
  if (IS_LONG && histories % 20 === 0) console.log(`${name}: ${histories} of ${COUNT} histories`)
}
