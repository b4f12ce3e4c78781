import * as OTPAuth from 'otpauth'
import type { Chapter, Walk, WalkState } from './chapter.ts'

const STEP_MS = 30_000

/** What the app of the user shows, now or `steps` later. */
export function codeOf(state: Pick<WalkState, 'totpSecret'>, steps = 0): string {
  const totp = new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(state.totpSecret) })
  return totp.generate({ timestamp: Date.now() + steps * STEP_MS })
}

/** Signs the user in once more, elsewhere, by a recovery code; not shown. */
export async function signInElsewhere({ site: { walker }, state }: Walk) {
  const { email, password } = state
  const { body: login } = await walker.send('POST', '/api/account/login/', { body: { email, password } })
  const { body } = await walker.send('POST', '/api/account/login/second-factor/', {
    body: { challenge: login.data.challenge.token, recovery_code: state.recoveryCodes.pop() },
  })
  return body.data
}

export const secondFactor: Chapter = {
  title: 'The second factor',
  about:
    'An authenticator app, recovery codes, codes by e-mail and trusted devices; see [second factor](second-factor.md).',
  walk: async ({ site: { walker }, state }) => {
    const { email, password, access: token } = state
    const { body: setup } = await walker.send('POST', '/api/account/2fa/setup/', {
      title: 'Begin to enrol an authenticator app',
      token,
    })
    state.totpSecret = setup.data.secret
    // The step before: one step back is taken, and the present one stays good for signing in.
    const { body: enrolled } = await walker.send('POST', '/api/account/2fa/verify/', {
      title: 'Enrol it, and get recovery codes',
      token,
      body: { code: codeOf(state, -1) },
    })
    state.recoveryCodes = enrolled.data.recovery_codes
    await walker.send('GET', '/api/account/2fa/', { title: 'What is enrolled', token })
    const challengeOf = async (title?: string): Promise<string> => {
      const step = { body: { email, password }, ...(title !== undefined && { title }) }
      return (await walker.send('POST', '/api/account/login/', step)).body.data.challenge.token
    }
    const { body: second } = await walker.send('POST', '/api/account/login/second-factor/', {
      title: 'Take the second step with a code, and trust the device',
      body: {
        challenge: await challengeOf('Sign in, and get a challenge'),
        code: codeOf(state),
        remember_device: true,
      },
    })
    Object.assign(state, { access: second.data.access, refresh: second.data.refresh })
    await walker.send('POST', '/api/account/login/', {
      title: 'Sign in from a trusted device',
      body: { email, password, device_token: second.data.device_token },
    })
    const recovery_code = state.recoveryCodes.pop()
    await walker.send('POST', '/api/account/login/second-factor/', {
      title: 'Take the second step with a recovery code',
      body: { challenge: await challengeOf(), recovery_code },
    })
    await walker.send('POST', '/api/account/login/second-factor/', {
      title: 'A recovery code is good once',
      status: 401,
      body: { challenge: await challengeOf(), recovery_code },
    })
    const { body: renewed } = await walker.send('POST', '/api/account/2fa/recovery-codes/', {
      title: 'Make new recovery codes',
      token: state.access,
    })
    state.recoveryCodes = renewed.data.recovery_codes
    const { body: devices } = await walker.send('GET', '/api/account/devices/', {
      title: 'List the trusted devices',
      token: state.access,
    })
    const path = `/api/account/devices/${devices.data[0].id}/`
    await walker.send('GET', path, { title: 'Show a trusted device', token: state.access })
    await walker.send('DELETE', path, { title: 'Trust a device no more', token: state.access })
    await walker.send('DELETE', '/api/account/devices/', { title: 'Trust no device', token: state.access })
  },
}
