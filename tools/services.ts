import { existsSync } from 'node:fs'
import { connect } from 'node:net'

/** Something outside the process that tests use, told to them by an environment variable. */
export interface Service {
  readonly name: string
  readonly variable: string
  /** Where it usually is. */
  readonly usual: string
  readonly remedy: string
}

export const SERVICES: readonly Service[] = [
  {
    name: 'PostgreSQL',
    variable: 'TEST_POSTGRESQL_URL',
    usual: 'postgresql://root@127.0.0.1:5432/test',
    remedy: 'start it, or name another',
  },
  {
    name: 'MariaDB or MySQL',
    variable: 'TEST_MYSQL_URL',
    usual: 'mysql://root@127.0.0.1:3306/test',
    remedy: 'start it, or name another',
  },
  {
    name: 'Redis',
    variable: 'TEST_REDIS_URL',
    usual: 'redis://127.0.0.1:6379/0',
    remedy: 'start it, or name another',
  },
  {
    name: 'Chromium',
    variable: 'CHROMIUM_PATH',
    usual: '/usr/bin/chromium',
    remedy: 'install it, or name another',
  },
]

export interface FoundServices {
  /** For each variable, where the service is; empty where there is none, so that its tests skip. */
  readonly environment: Readonly<Record<string, string>>
  /** One line to print for each that is missing. */
  readonly missing: readonly string[]
}

/** Looks for each service at the address in its variable, or else at the usual one. */
export async function findServices(
  environment: Readonly<Record<string, string | undefined>>,
  services: readonly Service[] = SERVICES,
): Promise<FoundServices> {
  const found = await Promise.all(
    services.map(async (service) => {
      const place = environment[service.variable] || service.usual
      return { service, place, isThere: await isThere(place) }
    }),
  )
  return {
    environment: Object.fromEntries(
      found.map(({ service, place, isThere }) => [service.variable, isThere ? place : '']),
    ),
    missing: found
      .filter(({ isThere }) => !isThere)
      .map(
        ({ service, place }) =>
          `!! ${service.name} is not at ${withoutPassword(place)}: its tests are SKIPPED. To run them, ${service.remedy} by ${service.variable}.`,
      ),
  }
}

function isThere(place: string): Promise<boolean> | boolean {
  if (!place.includes('://')) return existsSync(place)
  const { hostname, port } = new URL(place)
  return new Promise((settle) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || defaultPort(place) })
    const end = (answer: boolean) => {
      socket.destroy()
      settle(answer)
    }
    socket
      .setTimeout(1000, () => end(false))
      .once('connect', () => end(true))
      .once('error', () => end(false))
  })
}

function defaultPort(url: string): number {
  if (url.startsWith('postgres')) return 5432
  return url.startsWith('redis') ? 6379 : 3306
}

function withoutPassword(place: string): string {
  return place.replace(/:[^:@/]*@/, '@')
}
