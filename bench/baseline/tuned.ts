/**
 * Whether the baseline also does what few would: it keeps moments as the text that PostgreSQL sends, and serializes without
 * escaping where nothing can need it. Set by `BENCH_TUNED=1`.
 */
export const IS_TUNED = process.env.BENCH_TUNED === '1'
