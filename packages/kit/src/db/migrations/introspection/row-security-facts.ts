/** How PostgreSQL keeps the rows of a table apart. */
export interface RowSecurityFacts {
  readonly isOn: boolean
  /** Whether the table's owner is held as well. */
  readonly isForced: boolean
  /** The policies that let rows through; those that only narrow are nobody's business. */
  readonly policies: readonly PolicyFacts[]
}

export interface PolicyFacts {
  readonly name: string
  /** `*`: for all commands, and all roles. */
  readonly reach: string
  /** The conditions for what is seen and for what is written, without what PostgreSQL adds to them. */
  readonly using: string
  readonly check: string
}

export const NO_ROW_SECURITY: RowSecurityFacts = { isOn: false, isForced: false, policies: [] }

/** Reads the rows of `TableQueries.rowSecurity` of one table. */
export function rowSecurityFacts(rows: readonly (readonly string[])[]): RowSecurityFacts {
  const [first] = rows
  if (!first) return NO_ROW_SECURITY
  const policies = rows.filter((row) => row[3] !== '')
  return {
    isOn: first[1] === 't',
    isForced: first[2] === 't',
    policies: policies.map(([, , , name = '', reach = '', using = '', check = '']) => ({
      name,
      reach,
      using: plainCondition(using),
      check: plainCondition(check),
    })),
  }
}

/** A condition in a spelling that what was written and what PostgreSQL tells of it have in common. */
export function plainCondition(condition: string): string {
  return condition
    .toLowerCase()
    .replace(/::\w+/g, '')
    .replace(/ as "?\w+"?/g, '')
    .replace(/[()"\s]/g, '')
}

/** In what the security found is not the one wanted, in words; null if in nothing. */
export function rowSecurityProblem(wanted: RowSecurityFacts, found: RowSecurityFacts): string | null {
  if (!wanted.isOn) return null
  const [policy] = wanted.policies
  const own = found.policies.find(({ name }) => name === policy?.name)
  if (!own) return `The policy "${policy?.name}" is missing.`
  if (!found.isOn) return 'Row-level security is not enabled.'
  if (!found.isForced) return 'Row-level security is not forced on the owner of the table.'
  if (JSON.stringify(own) !== JSON.stringify(policy)) return `The policy "${own.name}" is not the one that is wanted.`
  const others = found.policies.filter((other) => other !== own)
  if (others.length === 0) return null
  return `Beside the policy "${own.name}", others let more rows through: ${others.map(({ name }) => `"${name}"`).join(', ')}.`
}
