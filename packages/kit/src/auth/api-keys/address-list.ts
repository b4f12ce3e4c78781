import { BlockList, isIP } from 'node:net'

/** Whether a client calls from one of some networks. */
export type AddressCheck = (ip: string | null) => boolean

/** Makes the check of networks that are valid. Without any, every address passes. */
export function addressCheck(networks: readonly string[]): AddressCheck {
  if (networks.length === 0) return () => true
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = familyOf(address)
    if (family === null) continue
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return (ip) => {
    const [bare = ''] = (ip ?? '').split('%')
    const family = familyOf(bare)
    return family !== null && list.check(bare, family)
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  const version = isIP(address)
  return version === 0 ? null : version === 4 ? 'ipv4' : 'ipv6'
}
