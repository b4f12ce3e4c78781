import { ApiError, validationError } from '../base/index.ts'
import {
  type Condition,
  compare,
  type DeletedRows,
  flawOf,
  type OrderTerm,
  orderTerms,
  Problem,
  parseWritten,
  reached,
  type SelectSpec,
  type Store,
  searchCondition,
} from '../db/index.ts'
import type { QueryParameters } from '../http/index.ts'
import { type FilterSet, takesList } from './filter-set.ts'
import type { ModelOutput } from './model-output.ts'
import type { OutputNames } from './output-names.ts'
import type { ViewSet } from './viewset.ts'

/** What a list asks for, read from its query string. */
export interface ListRequest {
  /** The select of the page, without what the viewset narrows it by for the asker. */
  readonly spec: SelectSpec
  readonly output: ModelOutput
  readonly page: number
  readonly pageSize: number
}

export interface ListRules {
  readonly store: Store
  readonly set: ViewSet
  readonly filters: FilterSet
  readonly orderings: ReadonlySet<string>
  readonly pageSize: number
  readonly maxPageSize: number
  /** What `fields` and `expand` may name, for the documentation. */
  readonly outputNames: OutputNames
  readonly outputOf: (choice: OutputParameters) => ModelOutput
}

/** What of a row is to be shown. */
export interface OutputParameters {
  readonly fields: string | null
  readonly expand: string | null
  readonly showsDeletion: boolean
}

/** Nothing chosen: all that the serializer shows. */
export const ALL_FIELDS: OutputParameters = { fields: null, expand: null, showsDeletion: false }

const OWN = ['page', 'page_size', 'search', 'ordering', 'fields', 'expand', 'deleted', 'count'] as const

/** Reads the parameters of a list. @throws {ApiError} `validation_failed`, naming every bad parameter and what is allowed */
export function readListParameters(parameters: QueryParameters, rules: ListRules): ListRequest {
  const errors = noErrors()
  const values = singleValues(parameters, errors)
  const collect = <Value>(name: string, read: () => Value | Problem, otherwise: Value): Value => {
    const value = read()
    if (!(value instanceof Problem)) return value
    errors[name] = value.messages
    return otherwise
  }
  const conditions: Condition[] = []
  for (const [name, value] of values) {
    if (isOwn(name)) continue
    const condition = filterCondition(name, value, rules)
    if (condition instanceof Problem) errors[name] = condition.messages
    else conditions.push(condition)
  }
  const { search: searched } = rules.set.options
  if (values.has('search') && !searched) errors.search = ['Unknown parameter: these records cannot be searched.']
  const order = collect('ordering', () => readOrdering(values.get('ordering'), rules), [])
  const deleted = collect('deleted', () => readDeleted(values.get('deleted'), rules), 'without')
  const page = collect('page', () => wholeNumber(values.get('page'), 1, Number.MAX_SAFE_INTEGER), 1)
  const pageSize = collect(
    'page_size',
    () => wholeNumber(values.get('page_size'), rules.pageSize, rules.maxPageSize),
    1,
  )
  const hasCount = collect('count', () => readCount(values.get('count')), true)
  const output = collect('expand', () => readOutput(values, { rules, deleted, errors }), null)
  const search = values.get('search')
  if (search && searched) {
    conditions.push(searchCondition(rules.store, rules.set.model, { text: search, fields: searched }))
  }
  if (output === null || Object.keys(errors).length > 0) throw validationError(errors)
  // Without a count, one row more tells whether there is a next page.
  const window = { limit: hasCount ? pageSize : pageSize + 1, offset: (page - 1) * pageSize }
  const { columns, expansions } = output
  const spec = { model: rules.set.model, columns, expansions, conditions, order, deleted, window, hasCount }
  return { spec, output, page, pageSize }
}

interface OutputParts {
  readonly rules: ListRules
  readonly deleted: DeletedRows
  readonly errors: Record<string, readonly string[]>
}

function readOutput(values: ReadonlyMap<string, string>, { rules, deleted, errors }: OutputParts): ModelOutput | null {
  const parameters = {
    fields: values.get('fields') ?? null,
    expand: values.get('expand') ?? null,
    showsDeletion: deleted !== 'without',
  }
  try {
    return rules.outputOf(parameters)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    Object.assign(errors, error.errors)
    return null
  }
}

const isOwn = (name: string): boolean => OWN.some((own) => own === name)

/** Parameters have any name, `__proto__` too, which a plain object would take for something else. */
export function noErrors(): Record<string, readonly string[]> {
  return Object.create(null)
}

/** Every parameter once: of two values, one would be ignored. */
export function singleValues(
  parameters: QueryParameters,
  errors: Record<string, readonly string[]>,
): Map<string, string> {
  const values = new Map<string, string>()
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value === 'string') values.set(name, value)
    else errors[name] = ['Give this parameter once. Several values stand between commas, as in status__in=a,b.']
  }
  return values
}

function filterCondition(name: string, text: string, { store, set, filters }: ListRules): Condition | Problem {
  const filter = filters.get(name)
  if (!filter) return unknownParameter(name, { set, filters })
  const flaw = flawOf(text)
  if (flaw) return new Problem(flaw)
  const isList = takesList(filter)
  if (isList && text === '') return new Problem('Give values between commas.')
  const value = isList ? text.split(',') : text
  const compared = compare({ ...filter, value, dialect: store.database.dialect, parser: parseWritten })
  return compared instanceof Problem ? compared : reached(filter, compared)
}

function unknownParameter(name: string, { set, filters }: Pick<ListRules, 'set' | 'filters'>): Problem {
  const [field = ''] = name.split('__')
  const near = [...filters.keys()].filter((known) => known === field || known.startsWith(`${field}__`))
  if (near.length > 0) return new Problem(`Unknown parameter. Allowed of this field: ${near.join(', ')}.`)
  const fields = [...new Set([...filters.values()].map(({ path }) => path.name))]
  const own = OWN.filter(
    (word) => (word !== 'search' || set.options.search) && (word !== 'deleted' || set.model.hasSoftDelete),
  )
  return new Problem(
    `Unknown parameter. Allowed: ${[...own, ...fields].join(', ')}; the fields also with lookups, as in created_at__gte.`,
  )
}

function readOrdering(text: string | undefined, { store, set, orderings }: ListRules): readonly OrderTerm[] | Problem {
  if (text === undefined || text === '') {
    return orderTerms(store.registry, set.model, set.options.defaultOrdering ?? set.model.ordering)
  }
  const names = text.split(',').map((name) => name.trim())
  const bad = names.find((name) => !orderings.has(name.replace(/^-/, '')))
  if (bad !== undefined) {
    return new Problem(
      `Select a valid choice. ${bad} is not one of the available choices: ${[...orderings].join(', ')}.`,
    )
  }
  const bare = names.map((name) => name.replace(/^-/, ''))
  if (new Set(bare).size !== bare.length) return new Problem('Name each field once.')
  return orderTerms(store.registry, set.model, names)
}

function readDeleted(text: string | undefined, { set }: ListRules): DeletedRows | Problem {
  if (text === undefined) return 'without'
  if (!set.model.hasSoftDelete) return new Problem('Unknown parameter: these records have no bin.')
  return text === 'only' || text === 'with' ? text : new Problem(`"${text}" is not a valid choice. Choose: only, with.`)
}

function readCount(text: string | undefined): boolean | Problem {
  if (text === undefined || text === 'exact') return true
  return text === 'none' ? false : new Problem(`"${text}" is not a valid choice. Choose: exact, none.`)
}

function wholeNumber(text: string | undefined, otherwise: number, max: number): number | Problem {
  if (text === undefined) return otherwise
  if (!/^\d{1,16}$/.test(text)) return new Problem('A valid integer is required.')
  const value = Number(text)
  if (value < 1) return new Problem('Ensure this value is greater than or equal to 1.')
  return value > max ? new Problem(`Ensure this value is less than or equal to ${max}.`) : value
}
