import type { Block, MessageSource } from './message-source.ts'
import { escapeHtml, fillIn, type Values } from './template-text.ts'

/** What one message is made from, found for its language. */
export interface FoundTemplate {
  readonly source: MessageSource
  /** HTML of its own in the place of that made from the text. */
  readonly html: string | null
  /** The language that it was found in. */
  readonly language: string
  readonly layouts: { readonly text: string; readonly html: string }
}

export interface RenderedMail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

const RIGHT_TO_LEFT = new Set(['ar', 'dv', 'fa', 'he', 'ku', 'ps', 'ug', 'ur', 'yi'])

/** Makes subject, text and HTML of a message. @throws {TypeError} if a value is missing, or a link is none */
export function renderMessage(template: FoundTemplate, given: Values): RenderedMail {
  const { source, language, layouts } = template
  const isRightToLeft = RIGHT_TO_LEFT.has(language.split('-', 1)[0] ?? language)
  const values = shownValues(given, language)
  const inText = (value: string, name: string) => (isRightToLeft && !isVerbatim(name) ? `\u2068${value}\u2069` : value)
  const inHtml = (value: string, name: string) =>
    isVerbatim(name) ? escapeHtml(value) : `<bdi>${escapeHtml(value)}</bdi>`
  const subject = fillIn(source.subject, values, (value) => value).trim()
  const text = source.blocks
    .map((block) => textOf(block, values, inText))
    .filter(Boolean)
    .join('\n\n')
  const content =
    template.html === null
      ? source.blocks
          .map((block) => htmlOf(block, values, inHtml))
          .filter(Boolean)
          .join('\n')
      : fillIn(template.html, values, escapeHtml)
  const frame = {
    subject: escapeHtml(subject),
    language: escapeHtml(language),
    direction: isRightToLeft ? 'rtl' : 'ltr',
  }
  return {
    subject,
    text: `${framed(layouts.text, text, values, inText).trim()}\n`,
    // A layout may show values in attributes and titles, where no element can stand around them.
    html: framed(layouts.html, content, { ...values, ...frame }, (value, name) =>
      name in frame ? value : escapeHtml(value),
    ),
  }
}

/** Links and codes are copied: nothing invisible may stand around them. */
const isVerbatim = (name: string): boolean => isLink(name) || name === 'token' || name === 'code'

const isLink = (name: string): boolean => name === 'link' || name.endsWith('_link')

type Show = (value: string, name: string) => string

function textOf(block: Block, values: Values, show: Show): string {
  if (block.kind === 'button') return fillIn(`${block.label}:\n${block.address}`, values, show)
  return block.kind === 'code' ? `    ${fillIn(block.text, values, show)}` : fillIn(block.text, values, show)
}

function htmlOf(block: Block, values: Values, show: Show): string {
  if (block.kind === 'button') {
    const address = fillIn(escapeHtml(block.address), values, escapeHtml)
    const label = fillIn(escapeHtml(block.label), values, show)
    return `<p><a class="button" href="${address}">${label}</a></p>\n<p class="address"><a href="${address}" dir="ltr">${address}</a></p>`
  }
  if (block.kind === 'code') return `<p class="code" dir="ltr">${fillIn(escapeHtml(block.text), values, show)}</p>`
  const text = fillIn(escapeHtml(block.text), values, show)
  return text === '' ? '' : `<p>${text.replaceAll('\n', '<br>\n')}</p>`
}

/** What has been made is put in last, so that nothing in it is taken for a placeholder. */
function framed(layout: string, content: string, values: Values, show: Show): string {
  const [before = '', after = ''] = layout.split(CONTENT)
  return fillIn(before, values, show) + content + fillIn(after, values, show)
}

export const CONTENT = /\{\{\s*content\s*\}\}/

const LONGEST_VALUE = 300
const LONGEST_NAME = 100
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken away
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g
const LINK = /^https?:\/\/[^\s<>"]+$/

/** The values as people see them: on one line, names cut to what a name needs, times in the words of the language. */
function shownValues(values: Values, language: string): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shownValue(name, value, language)]))
}

function shownValue(name: string, value: string, language: string): string {
  if (isLink(name)) {
    if (!LINK.test(value)) throw new TypeError(`The value of ${name} must be an http or https address`)
    return value
  }
  const line = value.replace(CONTROL, ' ').trim()
  if (name === 'role') return ROLES[language]?.[line] ?? cut(line, LONGEST_NAME)
  if (isVerbatim(name)) return line
  const moment = MOMENT.test(line) ? new Date(line) : null
  if (moment && !Number.isNaN(moment.getTime())) return momentIn(language, moment)
  // Whoever registers chooses a name, and may not make the kit send strangers a link with it.
  return cut(line.replace(/:\/\//g, ': //'), name === 'reason' ? LONGEST_VALUE : LONGEST_NAME)
}

/** The roles of the kit in the words of a language, where those are not the names themselves. */
const ROLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  en: { admin: 'administrator' },
  ar: { admin: 'مسؤول', manager: 'مدير', agent: 'موظف', subscriber: 'مشترك' },
}

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z$/

function momentIn(language: string, moment: Date): string {
  return `${new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(moment)} (UTC)`
}

function cut(text: string, length: number): string {
  const characters = [...text]
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`
}
