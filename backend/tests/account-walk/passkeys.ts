import { SoftAuthenticator } from '@bailiwick/kit/testing'
import type { Chapter } from './chapter.ts'
import { FRONTEND } from './site.ts'

const PASSKEYS = '/api/account/2fa/passkeys/'

export const passkeys: Chapter = {
  title: 'Passkeys',
  about:
    'Keys of a device or a password manager, as second factor or in place of the password; what the browser does is told in [passkeys](passkeys.md).',
  walk: async ({ site: { walker }, state }) => {
    const { email, password, access: token } = state
    const device = new SoftAuthenticator({ origin: FRONTEND })
    const { body: creation } = await walker.send('POST', `${PASSKEYS}options/`, {
      title: 'Begin to make a passkey',
      token,
    })
    const { body: made } = await walker.send('POST', PASSKEYS, {
      title: 'Keep the passkey',
      status: 201,
      token,
      body: { name: 'Phone', credential: device.create(creation.data.options) },
    })
    const path = `${PASSKEYS}${made.data.passkey.id}/`
    await walker.send('GET', PASSKEYS, { title: 'List the passkeys', token })
    await walker.send('GET', path, { title: 'Show a passkey', token })
    await walker.send('PATCH', path, { title: 'Rename a passkey', token, body: { name: 'Work phone' } })

    const { body: login } = await walker.send('POST', '/api/account/login/', { body: { email, password } })
    const challenge = login.data.challenge.token
    const second = '/api/account/login/second-factor/passkey/'
    const { body: request } = await walker.send('POST', `${second}options/`, {
      title: 'Begin the second step with a passkey',
      body: { challenge },
    })
    await walker.send('POST', second, {
      title: 'Take the second step with it',
      body: { challenge, credential: device.get(request.data.options) },
    })
    const first = '/api/account/passkeys/login/'
    const { body: alone } = await walker.send('POST', `${first}options/`, {
      title: 'Begin to sign in without a password',
    })
    const credential = device.get(alone.data.options)
    const { body: signedIn } = await walker.send('POST', first, {
      title: 'Sign in without a password',
      body: { credential },
    })
    Object.assign(state, { access: signedIn.data.access, refresh: signedIn.data.refresh })
    await walker.send('POST', first, { title: 'What was signed is good once', status: 401, body: { credential } })
    const again = '/api/account/reauthenticate/passkey/'
    const { body: proof } = await walker.send('POST', `${again}options/`, {
      title: 'Begin to prove with a passkey who one is',
      token: state.access,
    })
    await walker.send('POST', again, {
      title: 'Prove it',
      token: state.access,
      body: { credential: device.get(proof.data.options) },
    })
    await walker.send('DELETE', path, { title: 'Remove a passkey', token: state.access })
  },
}
