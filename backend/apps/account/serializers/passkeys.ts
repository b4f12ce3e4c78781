import { boolean, type Json, json, text } from '@bailiwick/kit/db'
import { serializer } from '@bailiwick/kit/rest'
import { Passkey } from '../models.ts'
import { transportField } from './sign-in.ts'

/** What users see of a passkey; its name they may change. */
export const PasskeySerializer = serializer(Passkey, {
  fields: ['id', 'name', 'transports', 'is_backed_up', 'created_at', 'last_used_at'],
  readOnly: ['transports', 'is_backed_up', 'created_at', 'last_used_at'],
})

/** For the browser, as it is. */
export const PasskeyOptionsSerializer = serializer('PasskeyOptions', {
  fields: {
    options: json<Json>({
      help: 'For `PublicKeyCredential.parseCreationOptionsFromJSON()` or `parseRequestOptionsFromJSON()`.',
    }),
  },
})

const credential = () => json<Json>({ help: 'What `credential.toJSON()` gives.' })

export const NewPasskeySerializer = serializer('NewPasskey', {
  fields: {
    name: text({ max: 100, help: 'By which the user knows it: unlike their others.' }),
    credential: credential(),
  },
})

export const RegisteredPasskeySerializer = serializer('RegisteredPasskey', {
  fields: {
    passkey: PasskeySerializer,
    recovery_codes: json<Json>({
      help: 'Ten codes for those who lose their other factors, if there were none yet. Shown once.',
    }).optional(),
  },
})

const challenge = () =>
  text({
    max: 100,
    example: 'JLgjxFIJQ9PNJKaYwypKB1LUPawqqgolS_9DxuvV5ws',
    help: 'The token of the challenge that `login/` gave.',
  })

export const PasskeyChallengeSerializer = serializer('PasskeyChallenge', { fields: { challenge: challenge() } })

export const PasskeyStepSerializer = serializer('PasskeyStep', {
  fields: {
    challenge: challenge(),
    credential: credential(),
    remember_device: boolean({ help: 'Spare this device the second factor from now on.' }).default(false),
  },
})

export const PasskeyLoginSerializer = serializer('PasskeyLogin', {
  fields: { credential: credential(), transport: transportField() },
})

export const PasskeyProofSerializer = serializer('PasskeyProof', { fields: { credential: credential() } })
