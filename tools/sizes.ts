import { reportProblems } from './problems.ts'
import { isTest, readSources, type Source } from './sources.ts'

export const MAX_FILE_LINES = 500
export const MAX_FUNCTION_LINES = 80

/** One line for each file or function that is too long, in the files that give no reason by `size:` in their first comment. */
export function findOversized(sources: readonly Source[]): string[] {
  return sources.filter((source) => !givesReason(source.text)).flatMap(oversizedIn)
}

/** The medians and 95th percentiles, as a table to print. */
export function describeSizes(sources: readonly Source[]): string {
  const code = sources.filter((source) => !isTest(source.path))
  const tests = sources.filter((source) => isTest(source.path))
  const lines = (files: readonly Source[]) => files.map((file) => file.lineCount)
  const functions = code.flatMap((file) => file.functions.map((span) => span.lineCount))
  const ratio = sum(lines(tests)) / Math.max(1, sum(lines(code)))
  return [
    row('', 'number', 'median', '95 %', 'most'),
    measured('lines a file', lines(code)),
    measured('lines a test file', lines(tests)),
    measured('lines a function', functions),
    `test : source lines  ${ratio.toFixed(2)}`,
  ].join('\n')
}

/** The reason stands in the first comment of the file, before any code. */
function givesReason(text: string): boolean {
  const [comment = ''] = /^(?:\s*\/\/[^\n]*\n)+|^\s*\/\*[\s\S]*?\*\//.exec(text.replace(/^#!.*\n/, '')) ?? []
  return /\bsize: *\S/.test(comment)
}

function oversizedIn(source: Source): string[] {
  const file =
    source.lineCount > MAX_FILE_LINES ? [`${source.path}: ${source.lineCount} lines, more than ${MAX_FILE_LINES}`] : []
  const functions = source.functions.flatMap(({ line, lineCount, ownLineCount }) => {
    const counted = holdsTests(source) ? ownLineCount : lineCount
    const where = `${source.path}:${line}`
    return counted > MAX_FUNCTION_LINES
      ? [`${where}: a function of ${counted} lines, more than ${MAX_FUNCTION_LINES}`]
      : []
  })
  return [...file, ...functions]
}

/** A `describe`, or a contract that drivers share, is a list of tests: each test is measured, not the list. */
function holdsTests(source: Source): boolean {
  return source.imports.some(({ specifier }) => specifier === 'node:test')
}

function measured(name: string, values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => String(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
  return row(name, String(sorted.length), at(0.5), at(0.95), String(sorted.at(-1) ?? 0))
}

function row(name: string, ...cells: readonly string[]): string {
  return name.padEnd(20) + cells.map((cell) => cell.padStart(8)).join('')
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

if (import.meta.main) {
  const sources = readSources(process.cwd())
  console.log(describeSizes(sources))
  reportProblems(
    'sizes',
    findOversized(sources),
    "Split it where a name for the part suggests itself. If it really is one thing, say why in the file's first comment: `size: …`.",
  )
}
