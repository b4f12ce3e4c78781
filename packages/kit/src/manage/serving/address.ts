import { CommandError } from '../command-error.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

/** `8000`, `0.0.0.0:8000`, `localhost:8000`, `[::1]:8000`, or only the port after a colon. */
const ADDRESS = /^(?:(?<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]*):)?(?<port>\d{1,5})$/

/** Reads what `runserver` was given; what it leaves out is as in the settings. @throws {CommandError} in Django's words */
export function parseAddress(text: string, { host }: Address): Address {
  const { groups } = ADDRESS.exec(text) ?? {}
  const port = Number(groups?.port)
  if (!groups || port > 65_535) {
    throw new CommandError(`"${text}" is not a valid port number or address:port pair.`)
  }
  return { host: groups.host?.replace(/^\[|\]$/g, '') || host, port }
}

/** The address as a browser takes it. */
export function addressUrl({ host, port }: Address): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/`
}
