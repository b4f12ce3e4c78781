import type { FastifyRequest } from 'fastify'
import type { Client } from '../models/client.ts'

/** From where and in which request somebody calls. */
export function clientOf(request: FastifyRequest): Client {
  const { ip, requestId, queryLog } = request
  return { ip: withoutPort(ip), userAgent: request.headers['user-agent'] ?? null, requestId, queryLog }
}

/**
 * Some proxies write the port behind the address of a client. It is another one for each connection: counted along, nobody
 * would ever have guessed twice from one address.
 */
function withoutPort(address: string): string {
  const [, ipv6, ipv4] = /^(?:\[([^\]]+)\]|(\d+(?:\.\d+){3}))(?::\d+)?$/.exec(address) ?? []
  return ipv6 ?? ipv4 ?? address
}
