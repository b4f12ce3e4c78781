/**
 * A query that the wall refuses: a programmer's mistake, never a client's. Its message says what was refused, why,
 * and what to write instead.
 */
export class TenancyError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'TenancyError'
  }
}
