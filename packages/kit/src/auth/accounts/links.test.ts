import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLinks } from './links.ts'

const http = { host: '127.0.0.1', port: 8000, allowedHosts: ['.example.org', 'api.example.com'] }

test('a link leads to the frontend, with its token', () => {
  const links = createLinks({ debug: false, frontendUrl: 'https://app.example.com/x', http })
  assert.equal(links('reset_password', 'a b&c'), 'https://app.example.com/x/reset-password?token=a%20b%26c')
  assert.equal(links('login'), 'https://app.example.com/x/login')
})

test('without a frontend a link leads to the first host by name that the server answers to', () => {
  const links = createLinks({ debug: false, frontendUrl: null, http })
  assert.equal(links('accept_invitation', 'k'), 'https://api.example.com/accept-invitation?token=k')
})

test('while developing, or with no host by name, a link leads to the address that the server listens on', () => {
  assert.equal(createLinks({ debug: true, frontendUrl: null, http })('login'), 'http://127.0.0.1:8000/login')
  const anywhere = { ...http, host: '::1', allowedHosts: ['*'] }
  assert.equal(createLinks({ debug: false, frontendUrl: null, http: anywhere })('login'), 'http://[::1]:8000/login')
})
