import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acceptedType } from './accepted-type.ts'

const OFFERED = ['application/json', 'application/yaml', 'text/yaml']

test('without a wish, the first type on offer is given', () => {
  assert.equal(acceptedType(undefined, OFFERED), 'application/json')
  assert.equal(acceptedType('', OFFERED), 'application/json')
  assert.equal(acceptedType('*/*', OFFERED), 'application/json')
})

test('the type that is wished for most is given', () => {
  assert.equal(acceptedType('application/yaml', OFFERED), 'application/yaml')
  assert.equal(acceptedType('application/json;q=0.5, text/*', OFFERED), 'text/yaml')
  assert.equal(acceptedType('TEXT/YAML ; q=0.9, application/json ; q=0.1', OFFERED), 'text/yaml')
})

test('an exact range says more than a wide one', () => {
  assert.equal(acceptedType('*/*, application/json;q=0', OFFERED), 'application/yaml')
})

test('a browser, which takes anything in the end, gets the first type', () => {
  assert.equal(acceptedType('text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', OFFERED), OFFERED[0])
})

test('nothing is given to who takes nothing of it', () => {
  assert.equal(acceptedType('text/html', OFFERED), null)
  assert.equal(acceptedType('*/*;q=0', OFFERED), null)
  assert.equal(acceptedType('application/json;q=nonsense', OFFERED), null)
  assert.equal(acceptedType(',,;;', OFFERED), null)
})
