import type { Chapter } from './chapter.ts'

export const signingUp: Chapter = {
  title: 'Signing up',
  about:
    'An account is made once its owner has shown that the address is theirs; see [accounts](accounts.md). The answers are the same for addresses that have an account already.',
  walk: async ({ site: { walker, mail }, state }) => {
    const { email, password } = state
    await walker.send('POST', '/api/account/register/', {
      title: 'Register',
      status: 202,
      body: { email, name: 'Nadia Rahman', password, language: 'en', business: { name: 'Riverside Cafe' } },
    })
    await mail.nextToken(email, 'verify-email')
    await walker.send('POST', '/api/account/email/resend/', {
      title: 'Send the link once more',
      status: 202,
      body: { email },
    })
    await walker.send('POST', '/api/account/email/verify/', {
      title: 'Verify the address',
      body: { token: await mail.nextToken(email, 'verify-email') },
    })
  },
}
