import type { OperationNode } from 'kysely'
import type { DialectName } from '../dialects/index.ts'
import { CLAUSE_WORDS } from './clause-words.ts'
import { findForbiddenName } from './forbidden-names.ts'
import { TenancyError } from './tenancy-error.ts'

const WORD_OPERATORS =
  'in|not in|is|is not|like|not like|ilike|not ilike|match|regexp|is distinct from|is not distinct from|exists|not exists|not|between|between symmetric'

// Kysely writes these strings into the SQL as they are. Its builders check some of them; a tree need not come from them.
const TEXT_RULES: Readonly<Record<string, readonly { readonly property: string; readonly allowed: RegExp }[]>> = {
  AggregateFunctionNode: [{ property: 'func', allowed: /^[a-z_]\w*(?:\.[a-z_]\w*)?$/i }],
  FunctionNode: [{ property: 'func', allowed: /^[a-z_]\w*(?:\.[a-z_]\w*)?$/i }],
  DataTypeNode: [{ property: 'dataType', allowed: /^[a-z][\w ]*(?:\(\d+(?:, ?\d+)?\))?$/i }],
  ExplainNode: [{ property: 'format', allowed: /^\w+$/ }],
  FetchNode: [{ property: 'modifier', allowed: /^(?:only|with ties)$/ }],
  OperatorNode: [
    { property: 'operator', allowed: new RegExp(`^(?:${WORD_OPERATORS}|(?!.*(?:--|/\\*))[-!#%&*+/<=>?@^|~]+)$`) },
  ],
  OrActionNode: [{ property: 'action', allowed: /^(?:ignore|replace|abort|fail|rollback)$/ }],
  OrderByItemNode: [{ property: 'nulls', allowed: /^(?:first|last)$/ }],
  SetOperationNode: [{ property: 'operator', allowed: /^(?:union|intersect|except|minus)$/ }],
}

/** @throws {TenancyError} if the node would write SQL of its own into the statement */
export function checkText(node: OperationNode, dialect: DialectName): void {
  const rules = TEXT_RULES[node.kind]
  if (rules === undefined) return
  for (const { property, allowed } of rules) {
    const text: unknown = Reflect.get(node, property)
    if (text === undefined) continue
    // A `#` begins a comment on MySQL: `set a = b # 1 where …` would change every row of every business.
    const isComment = property === 'operator' && dialect !== 'postgresql' && String(text).includes('#')
    if (typeof text !== 'string' || !allowed.test(text) || isComment)
      throw new TenancyError(`Cannot use ${JSON.stringify(text)} as the ${property} of a ${node.kind}`)
    if (property === 'func') checkFunction(text)
  }
}

function checkFunction(name: string): void {
  // With one expression before it and a column in it, `from("clients")` would be a clause, not a call.
  if (CLAUSE_WORDS.has(name.toLowerCase()) || NO_FUNCTIONS.has(name.toLowerCase()))
    throw new TenancyError(`Cannot call ${name}: it is not a function`)
  const forbidden = findForbiddenName(name)
  if (forbidden !== undefined)
    throw new TenancyError(`Cannot call ${forbidden}: it could read what no business may see`)
}

const NO_FUNCTIONS = new Set('in table only lateral using natural with update delete on'.split(' '))
