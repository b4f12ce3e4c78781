import { importsFor, type Module } from './example-imports.ts'

/** A piece of code in a document, made into a module of its own. */
export interface Example {
  /** Where it stands, such as `docs/tutorial/first-app.md`. */
  readonly path: string
  /** The line of its first line of code. */
  readonly line: number
  readonly code: string
  /** What it takes for granted, as one line of imports. */
  readonly header: string
  /** Whether it asserts something, and so is run; the others are only held to compile. */
  readonly isRun: boolean
}

export interface FencedBlock {
  readonly language: string
  /** What follows the language, such as `fragment`. */
  readonly info: string
  readonly line: number
  readonly code: string
}

/** The fenced blocks of a Markdown document, of any language. */
export function findFencedBlocks(markdown: string): FencedBlock[] {
  return [...markdown.matchAll(/^```(\w+)([^\n]*)\n([\s\S]*?)^```$/gm)].map((match) => {
    const [, language = '', info = '', code = ''] = match
    return { language, info: info.trim(), line: lineAt(markdown, match.index) + 1, code }
  })
}

/** The `ts` blocks of a document that are complete, which is all but those marked `ts fragment`. */
export function findDocumentExamples(path: string, markdown: string): Example[] {
  return findFencedBlocks(markdown)
    .filter(({ language, info }) => language === 'ts' && info !== 'fragment')
    .map(({ line, code }) => ({ path, line, code, header: '', isRun: false }))
}

/**
 * The `@example` blocks of a source file that assert something. They may use `assert`, what the file exports and what
 * the door of its area exports, without importing it.
 */
export function findCommentExamples(source: Module, door?: Module): Example[] {
  const { path, text } = source
  return [...text.matchAll(/^ *\/\*\*[\s\S]*?\*\//gm)].flatMap((comment) =>
    examplesIn(comment[0])
      .filter(({ code }) => /\bassert[.(]/.test(code))
      .map(({ offset, code }) => ({
        path,
        line: lineAt(text, comment.index) + offset,
        code,
        header: importsFor(code, source, door),
        isRun: true,
      })),
  )
}

/** Each `@example` up to the next tag, less the stars and fences; a fence becomes an empty line, so that lines keep their number. */
function examplesIn(comment: string): { offset: number; code: string }[] {
  const lines = comment.split('\n').map((line) => line.replace(/^ *\*?\/?\*{0,2} ?/, '').replace(/\*\/$/, ''))
  const tags = lines.flatMap((line, index) => (line.startsWith('@') ? [index] : []))
  return tags
    .filter((index) => lines[index]?.startsWith('@example'))
    .map((index) => {
      const end = tags.find((next) => next > index) ?? lines.length
      const code = lines.slice(index + 1, end).map((line) => (line.startsWith('```') ? '' : line))
      return { offset: index + 1, code: code.join('\n') }
    })
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}
