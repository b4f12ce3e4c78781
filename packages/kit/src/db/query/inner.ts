/** What only the other parts of `db` may use: `@bailiwick/kit/db` does not pass it on. */
export { createContextAcross } from './create-context.ts'
