import type { SignedIn } from './cases.ts'
import { type DatasetSize, userEmail } from './dataset.ts'
import { PASSWORD } from './load-dataset.ts'

const MOST_SIGNED_IN = 200

/** Signs in to businesses from all over the list, over HTTP as anybody would. @throws if one is refused */
export async function signInToMany(origin: string, { businesses }: DatasetSize): Promise<SignedIn[]> {
  const step = Math.ceil(businesses / MOST_SIGNED_IN)
  const signedIn: SignedIn[] = []
  for (let business = 0; business < businesses; business += step) {
    signedIn.push({ business, access: await accessTokenOf(origin, userEmail(business)) })
  }
  return signedIn
}

async function accessTokenOf(origin: string, email: string): Promise<string> {
  const response = await fetch(`${origin}/api/account/login/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: PASSWORD }),
  })
  if (!response.ok) throw new Error(`${email} cannot sign in: ${response.status} ${await response.text()}`)
  const { data } = (await response.json()) as { data: { access: string } } // as: what the sign-in answers
  return data.access
}
