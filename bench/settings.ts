/** What the environment says of a run. */
export interface BenchSettings {
  readonly rows: number
  readonly businesses: number
  /** How often each server is started and measured. */
  readonly rounds: number
  readonly seconds: number
  readonly warmUpSeconds: number
  readonly connections: number
  /** The PostgreSQL server to use, or `sqlite:`; null takes PostgreSQL where it usually is, else SQLite. */
  readonly databaseUrl: string | null
  readonly keepsDatabase: boolean
  /** Where to write the figures as JSON. */
  readonly jsonFile: string | null
  /** What ours is measured beside: the server written by hand, or ours without row-level security. */
  readonly against: 'baseline' | 'without rls'
  /** Whether a missed goal fails the run. */
  readonly isStrict: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

/** @throws {RangeError} if a number is not one */
export function readBenchSettings(environment: Environment): BenchSettings {
  const rows = positive(environment, 'BENCH_ROWS', 500_000)
  const businesses = positive(environment, 'BENCH_BUSINESSES', 1000)
  if (!Number.isInteger(rows) || !Number.isInteger(businesses) || rows < businesses) {
    throw new RangeError(
      `BENCH_ROWS and BENCH_BUSINESSES are ${rows} and ${businesses}: wanted whole numbers, and a row for each business`,
    )
  }
  return {
    rows,
    businesses,
    rounds: Math.ceil(positive(environment, 'BENCH_ROUNDS', 3)),
    seconds: positive(environment, 'BENCH_SECONDS', 5),
    warmUpSeconds: positive(environment, 'BENCH_WARM_UP_SECONDS', 3),
    connections: Math.ceil(positive(environment, 'BENCH_CONNECTIONS', 32)),
    databaseUrl: environment.BENCH_DATABASE_URL || null,
    keepsDatabase: environment.BENCH_KEEP === '1',
    jsonFile: environment.BENCH_JSON || null,
    against: environment.BENCH_AGAINST_NO_RLS === '1' ? 'without rls' : 'baseline',
    isStrict: environment.BENCH_STRICT === '1',
  }
}

function positive(environment: Environment, name: string, usual: number): number {
  const text = environment[name]
  if (!text) return usual
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw new RangeError(`${name} is ${text}: wanted a number above 0`)
}
