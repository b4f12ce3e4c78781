import type { Client } from '../models/client.ts'

/** Where and when something was asked for, as the outbox keeps it for the worker. */
export type Origin = {
  readonly ip: string | null
  readonly userAgent: string | null
  readonly at: string
}

export function originOf({ ip, userAgent }: Pick<Client, 'ip' | 'userAgent'>, atMs: number): Origin {
  return { ip, userAgent: userAgent?.slice(0, 300) ?? null, at: new Date(atMs).toISOString() }
}
