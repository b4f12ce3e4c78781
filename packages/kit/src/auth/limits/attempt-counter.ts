import { datetime, model, positiveInteger, text } from '../../db/index.ts'

/** How often somebody guessed, at an account or from an address. Kept in the database, where many nodes count exactly. */
export const AttemptCounter = model('kit.AttemptCounter', {
  scope: 'global',
  reason: 'Guesses are made before anybody is let into a business.',
  fields: {
    /** A digest of whose guesses these are: addresses of people are not kept in clear. */
    key: text({ max: 64, unique: true, sensitive: true }),
    /** Guesses since `window_started_at`, those included that are still being evaluated. */
    attempts: positiveInteger().default(0),
    failures: positiveInteger().default(0),
    window_started_at: datetime(),
    locked_until: datetime().optional(),
    /** How often it was locked in a row: each time for longer. */
    locks: positiveInteger().default(0),
    updated_at: datetime(),
  },
  indexes: [['updated_at']],
})
