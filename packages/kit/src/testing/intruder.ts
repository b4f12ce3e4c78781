import type { Named } from '../manage/index.ts'
import { Samples } from './sample-values.ts'
import type { TestRequest, TestResponse } from './test-client.ts'
import type { TestProject } from './test-project.ts'

/** Whoever sends requests in one's own name. */
export interface Sender {
  send(method: string, path: string, request?: TestRequest): Promise<TestResponse>
}

/** Who tries to reach the rows of another business, as its admin, and what they need for it. */
export interface Intruder {
  readonly app: Pick<TestProject, 'store' | 'context' | 'make'>
  readonly own: Named
  readonly victim: Named
  readonly samples: Samples
  readonly client: Sender
  readonly victimClient: Sender
}

export async function createIntruder(app: TestProject): Promise<Intruder> {
  const own = await app.make.business({ name: 'The intruder' })
  const victim = await app.make.business({ name: 'The victim' })
  return {
    app,
    own,
    victim,
    samples: new Samples(app),
    client: await app.as(await app.make.user({ business: own })),
    victimClient: await app.as(await app.make.user({ business: victim })),
  }
}
