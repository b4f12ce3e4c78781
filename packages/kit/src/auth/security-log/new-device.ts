import { isIPv4, isIPv6 } from 'node:net'
import type { Context } from '../../db/index.ts'
import type { SecurityEventModel } from '../models/account-models.ts'
import type { Client } from '../models/client.ts'
import { deviceName } from './device-name.ts'

/** How many of the last sign-ins are looked at. */
const MOST_LOOKED_AT = 200

/**
 * Whether a user who signs in has not done so with such a device or from such a network before, as far as the security
 * log tells. The first sign-in of all is from no new device: there is nothing that it differs from. Ask before the
 * sign-in itself is recorded.
 */
export async function isNewDevice(
  ctx: Context,
  model: SecurityEventModel,
  { user, client }: { readonly user: string; readonly client: Pick<Client, 'ip' | 'userAgent'> },
): Promise<boolean> {
  const { rows: before } = await ctx
    .query(model)
    .filter({ user, kind: 'login' })
    .orderBy('-at')
    .page({ number: 1, size: MOST_LOOKED_AT })
  if (before.length === 0) return false
  const device = deviceName(client.userAgent)
  const network = networkOf(client.ip)
  // A thief may have the same browser, and an owner a new provider: each alone tells little, so both must be known.
  const isKnownDevice = before.some(({ user_agent }) => deviceName(user_agent) === device)
  const isKnownNetwork = before.some(({ ip }) => networkOf(ip) === network)
  return !(isKnownDevice && isKnownNetwork)
}

/** The network that an address lies in: of one provider, as a rule. */
export function networkOf(ip: string | null): string | null {
  if (ip === null) return null
  const plain = ip.replace(/^::ffff:(?=\d+\.)/i, '')
  if (isIPv4(plain)) return plain.split('.').slice(0, 2).join('.')
  if (!isIPv6(plain)) return null
  const { hostname } = new URL(`http://[${plain.replace(/%.*$/, '')}]`)
  const [head = ''] = hostname.slice(1, -1).split('::')
  const groups = [...head.split(':').filter(Boolean), '0', '0'].slice(0, 2)
  return groups.join(':')
}
