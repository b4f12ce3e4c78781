import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KIT_TEMPLATES, OPTIONAL_VALUES } from './kit-templates.ts'
import { MailTemplateError } from './mail-template-error.ts'
import { type MessageSource, parseMessage } from './message-source.ts'
import { CONTENT, type RenderedMail, renderMessage } from './render-message.ts'
import { placeholdersIn, type Values } from './template-text.ts'

export interface RenderOptions {
  readonly language: string
  readonly values: Values
}

/** The messages of a project: its own, and those of the kit where it has none. */
export interface MailTemplates {
  /** @throws {TypeError} if there is no such template, or a value is missing */
  render(template: string, options: RenderOptions): RenderedMail
}

export interface MailTemplatesOptions {
  /** The project's own templates, `<language>/<name>.txt` and `.html`. It need not exist. */
  readonly folder?: string
}

const KIT_FOLDER = fileURLToPath(new URL('.', import.meta.url))
const FALLBACK_LANGUAGE = 'en'
const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/
const NAME = /^[a-z][a-z0-9_]*$/

/**
 * Reads the templates of a project.
 *
 * @throws {MailTemplateError} if one of them is not well written, or shows what its message is not given
 */
export function createMailTemplates({ folder }: MailTemplatesOptions = {}): MailTemplates {
  const folders = folder === undefined ? [KIT_FOLDER] : [folder, KIT_FOLDER]
  if (folder !== undefined) checkFolder(folder)
  const kept = new Map<string, string | null>()
  const read = (path: string): string | null => {
    if (!kept.has(path)) kept.set(path, existsSync(path) ? readFileSync(path, 'utf8') : null)
    return kept.get(path) ?? null
  }
  const find = (file: string, languages: readonly string[]): Found | null => {
    for (const language of languages) {
      for (const place of folders) {
        const text = read(join(place, language, file)) ?? (file === LAYOUT_HTML ? read(join(place, file)) : null)
        if (text !== null) return { text, language, place }
      }
    }
    return null
  }
  return {
    render: (template, { language, values }) => {
      const wanted = LANGUAGE.test(language) ? [language, FALLBACK_LANGUAGE] : [FALLBACK_LANGUAGE]
      const found = NAME.test(template) ? find(`${template}.txt`, wanted) : null
      if (!found) throw new TypeError(`There is no mail template ${JSON.stringify(template)}`)
      const layout = (file: string) => find(file, [found.language, FALLBACK_LANGUAGE])?.text ?? '{{ content }}'
      return renderMessage(
        {
          source: parseMessage(found.text),
          // HTML belongs to the text beside it: that of the kit would not say what the project's text says.
          html: read(join(found.place, found.language, `${template}.html`)),
          language: found.language,
          layouts: { text: layout(LAYOUT_TEXT), html: layout(LAYOUT_HTML) },
        },
        values,
      )
    },
  }
}

const LAYOUT_TEXT = 'layout.txt'
const LAYOUT_HTML = 'layout.html'

interface Found {
  readonly text: string
  readonly language: string
  readonly place: string
}

function checkFolder(folder: string): void {
  if (!existsSync(folder)) return
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) checkLanguage(join(folder, entry.name), entry.name)
    else if (entry.name === LAYOUT_HTML) checkFile(join(folder, entry.name), entry.name)
  }
}

function checkLanguage(folder: string, language: string): void {
  if (!LANGUAGE.test(language))
    throw new MailTemplateError(`${folder} is not the name of a language, such as en or pt-BR`)
  const files = readdirSync(folder)
  for (const file of files) {
    checkFile(join(folder, file), file)
    if (file.endsWith('.html') && file !== LAYOUT_HTML && !files.includes(file.replace(/html$/, 'txt'))) {
      throw new MailTemplateError(`${join(folder, file)} has no .txt beside it, in which its subject and its text are`)
    }
  }
}

/** @throws {MailTemplateError} */
function checkFile(path: string, file: string): void {
  if (!/\.(txt|html)$/.test(file)) return
  try {
    checkTemplate(file.replace(/\.(txt|html)$/, ''), readFileSync(path, 'utf8'), file.endsWith('.txt'))
  } catch (error) {
    throw new MailTemplateError(`${path}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}

function checkTemplate(name: string, text: string, isText: boolean): void {
  const placeholders = placeholdersIn(text)
  if (name === 'layout') {
    if (!CONTENT.test(text)) throw new SyntaxError('A layout must show {{ content }}')
    return
  }
  if (isText) checkSubject(parseMessage(text))
  const given = valuesOf(name)
  const optional: readonly string[] = OPTIONAL_VALUES
  for (const { name: value, isOptional } of placeholders) {
    if (optional.includes(value) && !isOptional) {
      throw new SyntaxError(`{{ ${value} }} is not always there: write {{ ${value}? }}`)
    }
    if (given && !given.includes(value) && !optional.includes(value) && value !== 'site_name') {
      throw new SyntaxError(`{{ ${value} }} is not given to this message: it has ${given.join(', ')}`)
    }
  }
}

function checkSubject({ subject }: MessageSource): void {
  const secret = placeholdersIn(subject).find(({ name }) => name === 'token' || name === 'link')
  if (secret) throw new SyntaxError(`{{ ${secret.name} }} must not stand in a subject, which others see`)
}

/** What a message of the kit is given; null: it is the project's own. */
function valuesOf(name: string): readonly string[] | null {
  const known: Readonly<Record<string, readonly string[]>> = KIT_TEMPLATES
  return Object.hasOwn(known, name) ? (known[name] ?? null) : null
}
