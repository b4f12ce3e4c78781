import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RE2JS } from 're2js'
import { Problem } from '../fields/index.ts'
import { patternText } from './pattern-text.ts'

const refused = (text: string): string => {
  const made = patternText(text, { dialect: 'sqlite', ignoresCase: false })
  assert.ok(made instanceof Problem, text)
  return made.messages.join(' ')
}

test('a pattern is told to each database in words of its own', () => {
  const one = (dialect: 'sqlite' | 'postgresql' | 'mysql') =>
    patternText('^a.(?:b|\\d{2})*\\.$', { dialect, ignoresCase: false })
  assert.equal(one('postgresql'), '^a[^\n](?:b|[0-9]{2})*\\.$')
  assert.equal(one('mysql'), '^a[^\n](?:b|[0-9]{2})*\\.\\z')
  assert.equal(one('sqlite'), one('mysql'))
})

test('a pattern that ignores case has both cases of each letter', () => {
  assert.equal(patternText('aÄ[b-d]', { dialect: 'mysql', ignoresCase: true }), '[aA][Ää][b-dB-D]')
})

test('what not all databases understand, or what can take for ever, is refused with its place', () => {
  assert.match(refused(''), /it is empty/)
  assert.match(refused('a\\b'), /\\b is not known to all databases \(at character 3\)/)
  for (const text of ['(?=a)', '(?<n>a)', '(?i)a']) assert.match(refused(text), /only \(\?:…\) is known/)
  for (const text of ['(a)\\1', '\\pL', '\\x41', '\\Z']) assert.match(refused(text), /is not known to all databases/)
  for (const text of ['(a+)+', '(a*b)*', '(?:a{2,})+']) assert.match(refused(text), /can take for ever/)
  for (const text of ['a**', 'a+?', 'a{2}{3}']) assert.match(refused(text), /may not follow another/)
  for (const text of [
    '(a',
    '[a',
    ')a',
    '[]',
    '[b-a]',
    'a{',
    'a{2,1}',
    'a{101}',
    '*a',
    '|a',
    '()',
    '[[:alpha:]]',
    'a\\',
  ]) {
    refused(text)
  }
  assert.match(refused('a'.repeat(201)), /no more than 200 characters/)
  assert.match(refused('((((a{40}){40}){40}))'), /come to too many/)
  assert.match(refused(`${'('.repeat(30)}a${')'.repeat(30)}`), /too deep/)
})

test('all that is taken is understood by RE2', () => {
  for (const text of [
    '[\\]\\-\\^\\\\a-z]',
    '[^\\s\\w]',
    '[-a]',
    '[a-]',
    '\\{\\}\\(\\)\\/#&~',
    'a{0,3}',
    '[&&~~z]',
    '(?:a|b|(c|d)e)?',
  ]) {
    const made = patternText(text, { dialect: 'sqlite', ignoresCase: true })
    assert.ok(!(made instanceof Problem), text)
    assert.ok(RE2JS.compile(made))
  }
})
