import { enableCompileCache } from 'node:module'

// Before anything else is loaded: types are stripped and code is compiled once, not at every start. In a folder of the
// project, since whoever may write there decides what runs.
enableCompileCache(`${import.meta.dirname}/var/compile-cache`)

const { loadEnvFile } = await import('@bailiwick/kit/settings')
const { manage } = await import('@bailiwick/kit/manage')
const { project } = await import('./core/project.ts')

const given = process.argv.slice(2)
loadEnvFile(`${import.meta.dirname}/.env`)
// `npm start` in a fresh clone: the demo is for development, so it needs no settings. Everything else asks for them.
if (given[0] === 'demo' && given.includes('--serve')) process.env.DEBUG ||= 'true'
await manage(project, given)
