import type { DatabaseSync } from 'node:sqlite'
import { RE2JS } from 're2js'
import { DatabaseError } from '../database-error.ts'
import { addExactFunctions } from './exact-functions.ts'
import { jsonContains, jsonEquals } from './json-containment.ts'

// Large integers reach the functions whole.
const OPTIONS = { deterministic: true, useBigIntArguments: true }

/**
 * Adds what SQLite lacks beside the other databases: `bw_lower(text)`, lower case beyond ASCII; exact reckoning;
 * `text regexp pattern`, in the syntax of RE2, whose time is linear in the text; `bw_json_equal(a, b)` and
 * `bw_json_contains(a, b)`, as `=` and `@>` of PostgreSQL's jsonb.
 */
export function addSqlFunctions(connection: DatabaseSync): void {
  connection.function('bw_lower', OPTIONS, (text) => (typeof text === 'string' ? text.toLowerCase() : (text ?? null)))
  connection.function('regexp', OPTIONS, matcher())
  addExactFunctions(connection)
  connection.function('bw_json_equal', OPTIONS, onJson(jsonEquals))
  connection.function('bw_json_contains', OPTIONS, onJson(jsonContains))
}

type SqlValue = string | number | bigint | null | Uint8Array

function matcher(): (pattern?: SqlValue, text?: SqlValue) => number | null {
  let lastPattern: SqlValue = null
  let lastExpression: RE2JS | null = null
  return (pattern, text) => {
    if (pattern == null || text == null) return null
    // One statement tries one pattern on many rows.
    if (pattern !== lastPattern || lastExpression === null) {
      lastExpression = compile(String(pattern))
      lastPattern = pattern
    }
    return lastExpression.test(String(text)) ? 1 : 0
  }
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern)
  } catch (cause) {
    throw new DatabaseError(`Invalid pattern ${JSON.stringify(pattern)}`, { kind: 'invalid_value', cause })
  }
}

function onJson(
  holds: (left: unknown, right: unknown) => boolean,
): (left?: SqlValue, right?: SqlValue) => number | null {
  return (left, right) => {
    if (left == null || right == null) return null
    return holds(JSON.parse(String(left)), JSON.parse(String(right))) ? 1 : 0
  }
}
