import type { Parameter } from './endpoint.ts'
import { MAX_EXPANDED } from './expandable.ts'
import { filterParameters } from './filter-set.ts'
import type { ListRules } from './list-parameters.ts'
import type { OutputNames } from './output-names.ts'

/** Every parameter of a list, as the documentation tells of it. */
export function listParameters(rules: ListRules): Parameter[] {
  const { set, filters, orderings, pageSize, maxPageSize } = rules
  const named: Parameter[] = [
    { name: 'page', description: 'The page, from 1 up.', schema: { type: 'integer', minimum: 1, default: 1 } },
    {
      name: 'page_size',
      description: 'Rows on a page.',
      schema: { type: 'integer', minimum: 1, maximum: maxPageSize, default: pageSize },
    },
    {
      name: 'count',
      description: 'Whether all rows are counted (`exact`) or not (`none`, which is faster on long lists).',
      schema: { type: 'string', enum: ['exact', 'none'], default: 'exact' },
    },
    {
      name: 'ordering',
      description: 'Fields to sort by, the first one first; `-` before a name sorts downwards.',
      schema: { type: 'string', enum: [...orderings].flatMap((name) => [name, `-${name}`]) },
      isList: true,
    },
  ]
  if (set.options.search) {
    const fields = set.options.search.map((name) => name.replace(/^[\^=]/, '')).join(', ')
    const description = `Words that must all be found in ${fields}, in any case. Quotes hold words together.`
    named.push({ name: 'search', description, schema: { type: 'string', maxLength: 200 } })
  }
  if (set.model.hasSoftDelete) {
    const description = 'Shows deleted rows: `only` these, or `with` the others. Needs the right to restore.'
    named.push({ name: 'deleted', description, schema: { type: 'string', enum: ['only', 'with'] } })
  }
  return [...named, ...outputParameters(rules), ...filterParameters(filters)]
}

/** `fields` and `expand`, where there is something to choose. */
export function outputParameterDocs({ shown, expandable, hasLists }: OutputNames): Parameter[] {
  const fields: Parameter = {
    name: 'fields',
    description: 'Only these fields of each record.',
    schema: { type: 'string', enum: shown },
    isList: true,
  }
  if (expandable.length === 0) return [fields]
  const lists = hasLists ? ` Of rows that point here, the first ${MAX_EXPANDED}.` : ''
  const description = `Shows these references as objects instead of ids.${lists}`
  return [fields, { name: 'expand', description, schema: { type: 'string', enum: expandable }, isList: true }]
}

const outputParameters = ({ outputNames }: ListRules): Parameter[] => outputParameterDocs(outputNames)
