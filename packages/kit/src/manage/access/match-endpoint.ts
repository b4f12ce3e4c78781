import type { Endpoint } from '../../rest/index.ts'

export interface Match {
  readonly endpoint: Endpoint
  /** What stands in the places of the address, by their names. */
  readonly parts: Readonly<Record<string, string>>
}

/** The endpoint that answers a request, or the methods that its address knows. */
export function matchEndpoint(
  endpoints: readonly Endpoint[],
  { method, path }: { readonly method: string; readonly path: string },
): Match | readonly string[] {
  const plain = path.split(/[?#]/, 1)[0] ?? ''
  const found = endpoints.flatMap((endpoint) => {
    const parts = partsOf(endpoint.path, plain)
    return parts ? [{ endpoint, parts }] : []
  })
  // An address in full goes before one with a place in it, as in the router.
  const sorted = found.toSorted((a, b) => Object.keys(a.parts).length - Object.keys(b.parts).length)
  return sorted.find(({ endpoint }) => endpoint.method === method) ?? sorted.map(({ endpoint }) => endpoint.method)
}

function partsOf(pattern: string, path: string): Match['parts'] | null {
  const [wanted, given] = [pattern, path].map((text) => text.replace(/\/$/, '').split('/'))
  if (!wanted || !given || wanted.length !== given.length) return null
  const parts: Record<string, string> = {}
  for (const [at, step] of wanted.entries()) {
    const actual = given[at] ?? ''
    if (step.startsWith(':')) parts[step.slice(1)] = decoded(actual)
    else if (step !== actual) return null
  }
  return parts
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
