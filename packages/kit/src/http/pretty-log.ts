import type { DestinationStream } from 'pino'

/** Turns lines of JSON into lines for people, such as `[2026-01-31 09:30:00] "GET /api/clients/" 200 12ms`. */
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
  readonly err?: { readonly stack?: string }
}

function prettyLine(line: string): string {
  // The logger of this area wrote the line, with these fields.
  const { time = '', level = '', msg = '', method, path, status, ms, err } = JSON.parse(line) as LogLine
  const when = `[${time.slice(0, 19).replace('T', ' ')}]`
  const stack = err?.stack === undefined ? '' : `\n${err.stack}`
  if (status !== undefined && method !== undefined) return `${when} "${method} ${path}" ${status} ${ms}ms`
  return `${when} ${level.toUpperCase()} ${msg}${stack}`
}
