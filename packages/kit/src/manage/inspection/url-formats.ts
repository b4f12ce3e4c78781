/** One address that is served. */
export interface ServedUrl {
  readonly method: string
  readonly path: string
  /** The id of the operation, as the documentation names it. */
  readonly name: string
  readonly permission: string
}

export const URL_FORMATS = ['aligned', 'dense', 'table', 'verbose', 'json', 'pretty-json'] as const

export type UrlFormat = (typeof URL_FORMATS)[number]

/** The addresses as text to print. */
export function formatUrls(urls: readonly ServedUrl[], format: UrlFormat): string {
  switch (format) {
    case 'json':
      return JSON.stringify(urls)
    case 'pretty-json':
      return JSON.stringify(urls, null, 2)
    case 'dense':
      return cellsOf(urls)
        .map((cells) => cells.join('\t'))
        .join('\n')
    case 'aligned':
      return alignedRows(cellsOf(urls))
        .map((cells) => cells.join('  ').trimEnd())
        .join('\n')
    case 'table':
      return tableOf(cellsOf(urls))
    case 'verbose':
      return urls
        .map(({ method, path, name, permission }) =>
          [path, `\tMethod: ${method}`, `\tName: ${name}`, `\tPermission: ${permission}`].join('\n'),
        )
        .join('\n\n')
  }
}

const HEADINGS = ['METHOD', 'URL', 'NAME', 'PERMISSION']

const cellsOf = (urls: readonly ServedUrl[]): string[][] =>
  urls.map(({ method, path, name, permission }) => [method, path, name, permission])

function tableOf(rows: readonly (readonly string[])[]): string {
  const [headings = [], ...aligned] = alignedRows([HEADINGS, ...rows])
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rule = `|${headings.map((cell) => '-'.repeat(cell.length + 2)).join('|')}|`
  return [line(headings), rule, ...aligned.map(line)].join('\n')
}

function alignedRows(rows: readonly (readonly string[])[]): string[][] {
  const widths = HEADINGS.map((_, column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)))
}
