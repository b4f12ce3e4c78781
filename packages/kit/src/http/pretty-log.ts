import type { DestinationStream } from 'pino'

/** Turns lines of JSON into lines for people, such as `[2026-01-31 09:30:00] "GET /api/clients/" 200 12ms (2 queries, 3.1ms)`. */
export function prettyLog(output: { write(text: string): unknown }): DestinationStream {
  return { write: (line) => output.write(`${prettyLine(line)}\n`) }
}

interface LogLine {
  readonly time?: string
  readonly level?: string
  readonly msg?: string
  readonly method?: string
  readonly path?: string
  readonly status?: number
  readonly ms?: number
  readonly queries?: number
  readonly db_ms?: number
  /** The text of a statement that the line is about. */
  readonly sql?: string
  readonly err?: { readonly stack?: string }
}

function prettyLine(text: string): string {
  // The logger of this area wrote the line, with these fields.
  const line = JSON.parse(text) as LogLine
  const { time = '', level = '', msg = '', method, path, status, ms, err, sql } = line
  const when = `[${time.slice(0, 19).replace('T', ' ')}]`
  const stack = err?.stack === undefined ? '' : `\n${err.stack}`
  if (status !== undefined && method !== undefined) {
    return `${when} "${method} ${path}" ${status} ${ms}ms${statementsOf(line)}`
  }
  const statement = sql === undefined ? '' : `${ms === undefined ? '' : ` (${ms}ms)`}: ${sql}`
  return `${when} ${level.toUpperCase()} ${msg}${statement}${stack}`
}

function statementsOf({ queries, db_ms: ms }: LogLine): string {
  if (queries === undefined) return ''
  return ` (${queries} ${queries === 1 ? 'query' : 'queries'}, ${ms}ms)`
}
