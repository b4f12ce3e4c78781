declare const madeByKeyFunction: unique symbol

/** A key made by `businessKey` or `globalKey`: a bare string is none, so that no entry can leave out whose it is. */
export type CacheKey = string & { readonly [madeByKeyFunction]: true }

export type KeyPart = string | number

/**
 * Makes the key of an entry that belongs to one business.
 *
 * @example
 * businessKey(ctx.business, 'clients', 'count')
 *
 * @throws {TypeError} without a business: no business, no key
 */
export function businessKey(business: string | null | undefined, ...parts: readonly [KeyPart, ...KeyPart[]]): CacheKey {
  if (typeof business !== 'string' || business === '') {
    throw new TypeError(`Cannot make a cache key for ${parts.join(', ')}: it needs a business`)
  }
  return join('business', [business, ...parts])
}

/** Makes the key of an entry that belongs to no business, such as a session or a sign-in counter. */
export function globalKey(...parts: readonly [KeyPart, ...KeyPart[]]): CacheKey {
  return join('global', parts)
}

function join(scope: string, parts: readonly KeyPart[]): CacheKey {
  // Encoded, so that a part with a colon cannot reach into the keys of another business.
  const key = [scope, ...parts.map((part) => encodeURIComponent(part))].join(':')
  // The brand exists in types alone; this is the one place that gives it.
  return key as CacheKey
}
