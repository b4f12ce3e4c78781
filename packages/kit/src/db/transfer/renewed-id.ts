import { createHmac } from 'node:crypto'

/**
 * Another id for a row that is copied, always the same one for the same `salt`. The time in it stays (and the count
 * beside it), so that copies sort as their originals do; the random part is made anew: a UUID version 7.
 */
export function renewedId(id: string, salt: string): string {
  const fresh = createHmac('sha256', salt).update(id).digest('hex')
  return `${id.slice(0, 20)}${fresh.slice(0, 3)}-${fresh.slice(3, 15)}`
}
