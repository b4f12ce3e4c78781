import type { DatabaseSync } from 'node:sqlite'
import { DatabaseError } from '../database-error.ts'
import { addExactFunctions } from './exact-functions.ts'

// Large integers reach the functions whole.
const OPTIONS = { deterministic: true, useBigIntArguments: true }

/**
 * Adds what SQLite lacks beside the other databases: `bw_lower(text)`, lower case beyond ASCII, exact reckoning, and
 * `text regexp pattern`. Patterns are to come from code, not from clients: a bad one can run for ages.
 */
export function addSqlFunctions(connection: DatabaseSync): void {
  connection.function('bw_lower', OPTIONS, (text) => (typeof text === 'string' ? text.toLowerCase() : (text ?? null)))
  connection.function('regexp', OPTIONS, matcher())
  addExactFunctions(connection)
}

type SqlValue = string | number | bigint | null | Uint8Array

function matcher(): (pattern?: SqlValue, text?: SqlValue) => number | null {
  let lastPattern: SqlValue = null
  let lastExpression = /(?:)/u
  return (pattern, text) => {
    if (pattern == null || text == null) return null
    // One statement tries one pattern on many rows.
    if (pattern !== lastPattern) {
      lastExpression = compile(String(pattern))
      lastPattern = pattern
    }
    return lastExpression.test(String(text)) ? 1 : 0
  }
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u')
  } catch (cause) {
    throw new DatabaseError(`Invalid pattern ${JSON.stringify(pattern)}`, { kind: 'invalid_value', cause })
  }
}
