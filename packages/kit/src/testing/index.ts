export { type TestDatabase, type TestDatabaseSource, testDatabases } from '../db/index.ts'
export type { SuppliedSamples } from './isolation/samples.ts'
export { type IsolationOptions, isolationSuite } from './isolation-suite.ts'
export { type ArrivedMail, describeMailer, type OpenMailer } from './mailer-contract.ts'
export type { MadeUser, Make, UserOptions } from './make.ts'
export { type Cbor, cborOf } from './passkeys/cbor.ts'
export {
  type CreationOptionsJson,
  type Deviations,
  type PasskeyJson,
  type RequestOptionsJson,
  SoftAuthenticator,
  type SoftAuthenticatorOptions,
} from './passkeys/soft-authenticator.ts'
export { SecretWatch } from './secret-watch.ts'
export { TestClient, type TestRequest, type TestResponse } from './test-client.ts'
export { createTestMail, type SentMail, type TestMail, type TestMailParts } from './test-mail.ts'
export { type TestProject, type TestProjectOptions, testProject } from './test-project.ts'
