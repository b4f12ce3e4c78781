import type { FieldKind, Json } from './field-kind.ts'
import { type IdKind, idFieldKind } from './foreign-key.ts'
import { Problem } from './problem.ts'

/** Ids of one list at the most: pairs beyond that are kept by code, not by one request. */
const MAX_IDS = 1000

/**
 * What a many-to-many field is to the API: the ids of the rows tied, each once. No column has it; its raw form is the
 * JSON text of the list.
 */
export function idListKind(idKind: () => IdKind): FieldKind<readonly unknown[], readonly unknown[]> {
  const id = () => idFieldKind(idKind())
  const parse = (input: unknown): readonly unknown[] | Problem => {
    if (!Array.isArray(input)) return new Problem(`Expected a list of items but got type "${typeof input}".`)
    if (input.length > MAX_IDS) return new Problem(`Ensure this list has no more than ${MAX_IDS} items.`)
    const ids = new Map<string, unknown>()
    for (const item of input) {
      const parsed: unknown = item === null ? new Problem('This field may not be null.') : id().parse(item)
      if (parsed instanceof Problem) return parsed
      ids.set(String(parsed), parsed)
    }
    return [...ids.values()]
  }
  return {
    name: ID_LIST,
    positional: [],
    params: {},
    lookups: [],
    searchable: false,
    columnType: () => {
      throw new TypeError('A many-to-many field has no column')
    },
    parse,
    parseText: () => new Problem('A many-to-many field has no text.'),
    encode: (ids) => JSON.stringify(ids.map(String)),
    decode: (raw) => JSON.parse(String(raw)),
    jsonSource: (raw) => raw,
    get schema() {
      return { type: 'array', items: id().schema, uniqueItems: true, maxItems: MAX_IDS }
    },
    get example(): Json {
      return [id().example]
    },
  }
}

const ID_LIST = 'idList'

/** Whether a kind is that of a many-to-many field. */
export const isIdList = ({ name }: { readonly name: string }): boolean => name === ID_LIST
