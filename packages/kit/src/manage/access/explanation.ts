/** One thing that was looked at, and what was found. */
export interface Finding {
  readonly about: 'address' | 'user' | 'business' | 'membership' | 'permission' | 'row' | 'parameters'
  readonly found: string
}

/** Why a request is let through or not. */
export interface Explanation {
  readonly findings: readonly Finding[]
  /** Null: it is allowed. */
  readonly denial: Denial | null
}

export interface Denial {
  readonly status: 401 | 403 | 404 | 405
  /** What the client is not told. */
  readonly reason: string
}

/** Gathers findings until something denies the request. */
export class Explaining {
  readonly #findings: Finding[] = []

  note(about: Finding['about'], found: string): void {
    this.#findings.push({ about, found })
  }

  denied(status: Denial['status'], reason: string): Explanation {
    return { findings: this.#findings, denial: { status, reason } }
  }

  allowed(): Explanation {
    return { findings: this.#findings, denial: null }
  }
}

export function explanationLines({ findings, denial }: Explanation): string[] {
  const lines = findings.map(({ about, found }) => `  ${about.padEnd(11)} ${found}`)
  return [...lines, denial === null ? 'Allowed.' : `Denied with ${denial.status}: ${denial.reason}`]
}
