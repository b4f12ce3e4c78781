import assert from 'node:assert/strict'
import { test } from 'node:test'
import { file, image } from './index.ts'
import { messagesOf, refuses, takes } from './test-kinds.ts'

test('a key of a file is a relative path, kept letter by letter', () => {
  takes(file(), [
    ['a.pdf', 'a.pdf'],
    ['invoices/2026/Zoë 😀.PDF', 'invoices/2026/Zoë 😀.PDF'],
    ['no-extension', 'no-extension'],
    ['.well-known/..a', '.well-known/..a'],
  ])
})

test('a key that could lead elsewhere is refused', () => {
  const words = 'Enter a valid file key: a relative path without "..", backslashes and control characters.'
  const wrong = [
    '/a.pdf',
    '../a.pdf',
    'a/../../b',
    'a/..',
    '.',
    './a',
    'a//b',
    'a/',
    'a\\b',
    '..\\a',
    'C:/a',
    's3://b/a',
  ]
  refuses(file(), words, [...wrong, 'http:a', 'a\nb', 'a\u007f', 'a\u0085b', ' a', 'a /b', 'a/ '])
  refuses(file(), 'Null characters are not allowed.', ['a\0.pdf'])
  refuses(file(), 'This field may not be blank.', [''])
  refuses(file(), 'The submitted data was not a file. Give the key of a stored file.', [1, true, null, {}, ['a.pdf']])
})

test('a key has a length and an extension', () => {
  refuses(file({ max: 5 }), 'Ensure this filename has at most 5 characters (it has 6).', ['a.jpeg', '😀😀.pdf'])
  const scan = file({ extensions: ['PDF', 'tar.gz'] })
  takes(scan, [
    ['a.Pdf', 'a.Pdf'],
    ['b/a.tar.gz', 'b/a.tar.gz'],
  ])
  const message = (extension: string) => [
    `File extension "${extension}" is not allowed. Allowed extensions are: pdf, tar.gz.`,
  ]
  for (const [key, extension] of [
    ['a.exe', 'exe'],
    ['a.pdf.exe', 'exe'],
    ['pdf', ''],
    ['.pdf', 'pdf'],
    ['a.pdf/b', ''],
  ] as const)
    assert.deepEqual(messagesOf(scan.kind, key), message(extension))
  takes(image(), [['logo.PNG', 'logo.PNG']])
  assert.match(messagesOf(image().kind, 'logo.svg')[0] ?? '', /^File extension "svg" is not allowed/)
  assert.throws(() => file({ extensions: ['.pdf'] }), /extensions must be such as 'pdf' or 'tar.gz', got .pdf/)
  assert.throws(() => file({ max: 1001 }), /max must be a whole number from 1 to 1000, got 1001/)
})
