import { posix } from 'node:path'

export interface Module {
  readonly path: string
  readonly text: string
}

/** One line that imports `assert`, and of what `source` and its area's `door` export all that `code` names. */
export function importsFor(code: string, source: Module, door: Module | undefined): string {
  const isUsed = (name: string) => new RegExp(`\\b${name.replace('type ', '')}\\b`).test(code)
  const own = [...declaredIn(source.text)].filter(isUsed)
  const others = [...reexportedIn(door?.text ?? '')].filter((name) => isUsed(name) && !own.includes(name))
  return [
    "import assert from 'node:assert/strict'",
    ...importOf(own, source.path),
    ...importOf(others, door?.path ?? ''),
  ].join('; ')
}

function importOf(names: readonly string[], path: string): string[] {
  return names.length > 0 ? [`import { ${names.join(', ')} } from '${posix.join('../..', path)}'`] : []
}

/** A set, because an overloaded function is declared more than once. */
function declaredIn(text: string): Set<string> {
  const declared = text.matchAll(/^export (?:abstract |async )*(function\*?|const|class|type|interface) (\w+)/gm)
  return new Set(
    [...declared].map(([, kind, name = '']) => (kind === 'type' || kind === 'interface' ? `type ${name}` : name)),
  )
}

function reexportedIn(text: string): Set<string> {
  const lists = [...text.matchAll(/^export (type )?\{([^}]*)\}/gm)]
  const names = lists.flatMap(([, type = '', list = '']) => list.split(',').map((name) => `${type}${name.trim()}`))
  return new Set(names.filter((name) => /^(type )?\w+$/.test(name) && name !== 'type '))
}
