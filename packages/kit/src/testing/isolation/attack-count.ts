/** Attacks on a whole project where time is taken for them, and where somebody waits. */
const THOROUGH = 20_000
const QUICK = 2_000

type Environment = Readonly<Record<string, string | undefined>>

/**
 * How many attacks to make: what `ATTACKS` says; else 20,000 on a whole project in continuous integration, and 2,000
 * anywhere else.
 *
 * @throws {TypeError} if `ATTACKS` is not a whole number from 1 up
 */
export function attackCount({ ATTACKS = '', CI, REQUIRE_SERVICES }: Environment, isWhole: boolean): number {
  if (ATTACKS !== '') return wholeNumber('ATTACKS', ATTACKS)
  const isThorough = (CI !== undefined && CI !== '' && CI !== 'false') || REQUIRE_SERVICES === '1'
  return isThorough && isWhole ? THOROUGH : QUICK
}

/** The seed of the random attacks: what `ISOLATION_SEED` says, else another one every time. */
export function attackSeed({ ISOLATION_SEED = '' }: Environment): number {
  return ISOLATION_SEED === ''
    ? Math.floor(Math.random() * 1_000_000_000)
    : wholeNumber('ISOLATION_SEED', ISOLATION_SEED)
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text)
  if (/^\d{1,9}$/.test(text) && value >= 1) return value
  throw new TypeError(`${name} must be a whole number from 1 to 999999999, got ${JSON.stringify(text)}`)
}
