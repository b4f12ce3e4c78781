const ADDRESS = /([^\s<>"'(),;:@]{1,64}|"[^"@\r\n]{0,64}")@([^\s<>"'(),;@]{1,255})/g

/** An address as it may stand in a log: `a…@acme.example`. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@')
  if (at < 1) return '…'
  return `${[...address.slice(0, at)][0]}…${address.slice(at)}`
}

/** A text in which no address stands in clear. */
export function maskAddresses(text: string): string {
  return text.replace(ADDRESS, maskAddress)
}
