import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Command } from 'commander'
import { unknownCommandText } from './unknown-command.ts'

const program = new Command('node manage.ts')
for (const name of ['migrate', 'makemigrations', 'check', 'shell']) program.command(name)

test('an unknown command is told in the words of Django', () => {
  assert.equal(
    unknownCommandText(program, ['nosuch']),
    "Unknown command: 'nosuch'\nType 'node manage.ts help' for usage.",
  )
})

test('a near miss gets a guess', () => {
  assert.match(unknownCommandText(program, ['migrat']) ?? '', /^Unknown command: 'migrat'\. Did you mean migrate\?\n/)
  assert.match(unknownCommandText(program, ['makemigration']) ?? '', /Did you mean makemigrations\?/)
})

test('commands that there are, help, and options alone say nothing', () => {
  for (const argv of [['check'], ['help', 'check'], ['--help'], [], ['--traceback', 'shell']]) {
    assert.equal(unknownCommandText(program, argv), null)
  }
})
