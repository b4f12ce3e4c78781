import { APP_PARTS, type Arrows, KIT_AREAS, KIT_PARTS, OPEN_TO_OTHER_APPS, WORKSPACES } from './arrows-map.ts'
import { reportProblems } from './problems.ts'
import { type Import, isTest, readSources, type Source } from './sources.ts'

/** One line for each import that goes against the arrows of `arrows-map.ts`. */
export function findWrongArrows(sources: readonly Source[]): string[] {
  const paths = new Set(sources.map((source) => source.path))
  return sources.flatMap((source) =>
    source.imports.flatMap((imported) => {
      const reason = wrongArrow(source.path, imported, paths)
      return reason ? [`${source.path}:${imported.line}: '${imported.specifier}': ${reason}`] : []
    }),
  )
}

function wrongArrow(from: string, { specifier, target }: Import, paths: ReadonlySet<string>): string | null {
  if (target === null) return null
  const [home, inHome] = split(from, WORKSPACES)
  const [there, inThere] = split(target, WORKSPACES)
  if (home !== there) return betweenWorkspaces(home, there, specifier, isTest(from) || inThere[1] !== 'testing')
  if (isTest(from)) return null
  if (home === 'packages/kit') return insideKit(inHome.slice(1), inThere.slice(1), { specifier, paths })
  if (home === 'backend') return insideBackend(inHome, inThere)
  return null
}

function betweenWorkspaces(home: string, there: string, specifier: string, maySeeArea: boolean): string | null {
  if (!maySeeArea) return 'only tests see testing'
  if (there.startsWith('packages/') && specifier.startsWith('.')) return 'enter a package by its name'
  return seen(home, there, WORKSPACES)
}

interface KitImport {
  readonly specifier: string
  readonly paths: ReadonlySet<string>
}

/** `from` and `to` are paths in `packages/kit/src`, cut at the slashes. */
function insideKit(from: readonly string[], to: readonly string[], { specifier, paths }: KitImport): string | null {
  if (!specifier.startsWith('.')) return 'inside the kit, import by relative path'
  const [area = '', ...part] = from
  const [otherArea = '', ...otherPart] = to
  if (area !== otherArea) {
    return seen(area, otherArea, KIT_AREAS) ?? (to.join('/') === `${otherArea}/index.ts` ? null : byDoor(otherArea))
  }
  const parts = KIT_PARTS[area]
  if (!parts) return null
  const home = part.length > 1 ? (part[0] ?? '.') : '.'
  const there = otherPart.length > 1 ? (otherPart[0] ?? '.') : '.'
  if (home === there) return null
  if (home === '.' && otherPart[1] === 'inner.ts') return `only the parts of ${area} may see ${area}/${there}/inner.ts`
  const hasDoor = there !== '.' && paths.has(`packages/kit/src/${area}/${there}/index.ts`)
  const isDoor = otherPart.length === 2 && DOORS_OF_PARTS.includes(otherPart[1] ?? '')
  return seen(home, there, parts) ?? (hasDoor && !isDoor ? byDoor(`${area}/${there}`) : null)
}

/** Of a part, `inner.ts` is the door for the other parts alone, and none to what is outside the area. */
const DOORS_OF_PARTS = ['index.ts', 'inner.ts']

function insideBackend(from: readonly string[], to: readonly string[]): string | null {
  if (from[0] !== 'apps') return null
  if (to[0] !== 'apps') return 'an app sees no file outside the apps: pass what it needs as an argument'
  const part = partOfApp(from)
  const otherPart = partOfApp(to)
  if (from[1] === to[1]) return seen(part, otherPart, APP_PARTS)
  if (OPEN_TO_OTHER_APPS.includes(otherPart)) return seen(part, otherPart, APP_PARTS)
  return `of another app only ${OPEN_TO_OTHER_APPS.join(' and ')} may be seen`
}

function partOfApp(path: readonly string[]): string {
  return (path[2] ?? '').replace(/\.ts$/, '')
}

function seen(from: string, to: string, arrows: Arrows): string | null {
  const allowed = arrows[from]
  if (!allowed) return `${from} is in no list of tools/arrows-map.ts: add it`
  if (from === to || allowed.includes(to) || allowed.includes('*')) return null
  return `${from} may import ${allowed.length > 0 ? `only ${allowed.join(', ')}` : 'none of the others'}, not ${to}`
}

function byDoor(place: string): string {
  return `enter ${place} by its index.ts`
}

function split(path: string, workspaces: Arrows): [string, string[]] {
  const workspace = Object.keys(workspaces).find((name) => path.startsWith(`${name}/`)) ?? path.split('/')[0] ?? path
  return [workspace, path.slice(workspace.length + 1).split('/')]
}

if (import.meta.main) {
  const problems = findWrongArrows(readSources(process.cwd()))
  reportProblems(
    'arrows',
    problems,
    'Move the code to where the arrows allow it (ARCHITECTURE.md shows them), or pass it in as an argument.',
  )
}
