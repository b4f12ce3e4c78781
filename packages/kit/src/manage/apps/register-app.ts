import { routerName } from './app-names.ts'

const LINE_WIDTH = 120

/** The source of `core/settings.ts` with one more app in `INSTALLED_APPS`; null if there is no such list. */
export function addInstalledApp(source: string, app: string): string | null {
  return addToList(source, /(\bINSTALLED_APPS\b[^=\n]*=\s*)\[([^\]]*)\]/, `'${app}'`)
}

/** The source of `core/urls.ts` with the router of one more app; null if there is no list of routers. */
export function addRouter(source: string, app: string): string | null {
  const name = routerName(app)
  const listed = addToList(source, /(\brouters\b[^=\n]*=\s*)\[([^\]]*)\]/, name)
  return listed && addImport(listed, `import { ${name} } from '../apps/${app}/urls.ts'`)
}

function addToList(source: string, list: RegExp, item: string): string | null {
  const found = list.exec(source)
  if (!found) return null
  const [whole, start = '', inner = ''] = found
  const items = inner
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
  if (items.includes(item)) return source
  const all = [...items, item]
  const lineStart = source.lastIndexOf('\n', found.index) + 1
  const before = source.slice(lineStart, found.index)
  const oneLine = `${start}[${all.join(', ')}]`
  const fits = before.length + oneLine.length <= LINE_WIDTH
  const several = `${start}[\n${all.map((text) => `  ${text},\n`).join('')}]`
  return source.slice(0, found.index) + (fits ? oneLine : several) + source.slice(found.index + whole.length)
}

/** The import stands among the others from `apps/` in their order, as the formatter sorts them. */
function addImport(source: string, line: string): string {
  const lines = source.split('\n')
  const from = (text: string): string => /from '([^']+)'/.exec(text)?.[1] ?? ''
  const after = lines.findLastIndex((text) => /^import .*from '\.\.\/apps\//.test(text) && from(text) < from(line))
  const lastPackage = lines.findLastIndex((text) => /^import .*from '[^.]/.test(text) || /^\} from '[^.]/.test(text))
  lines.splice((after >= 0 ? after : lastPackage) + 1, 0, line)
  return lines.join('\n')
}
