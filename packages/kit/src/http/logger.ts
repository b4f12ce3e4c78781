import { type DestinationStream, destination, type Logger, pino, stdSerializers } from 'pino'
import type { Settings } from '../settings/index.ts'
import { prettyLog } from './pretty-log.ts'
import { redactFields } from './redact.ts'

/**
 * Makes the log: lines of JSON on the standard output, or lines for people with `DEBUG`. Values of sensitive names
 * (passwords, tokens, cookies…) are not shown, at whatever depth they stand.
 */
export function createLogger(
  settings: Pick<Settings, 'debug'> & { readonly log: Pick<Settings['log'], 'level'> },
  stream = defaultStream(settings.debug),
): Logger {
  return pino(
    {
      level: settings.log.level,
      base: { pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }), log: (fields) => redactFields(fields) },
      serializers: { err: (error: Error) => redactFields(stdSerializers.err(error)) },
    },
    stream,
  )
}

function defaultStream(debug: boolean): DestinationStream {
  if (debug) return prettyLog(process.stdout)
  // Gathered into larger writes, since a write for each request costs more than making the line; flushed at exit.
  return destination({ dest: 1, sync: false, minLength: 4096, periodicFlush: 500 })
}
