import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isPasswordHash, needsRehash, verifyPassword } from './passwords.ts'

const PLAIN = 'Correct-horse-battery-9'
const UNICODE = 'Pässwörter-学校-🔑'

/** Made by `make_password` of Django 5.2 with its defaults, and by its hashers with other parameters. */
const MADE_BY_DJANGO: readonly (readonly [password: string, hashed: string])[] = [
  [PLAIN, 'pbkdf2_sha256$1000000$pBPdqIbojMuIvKNIHycY2w$KyO91ZtLdNXih258qijwe+Pv5Oxr8+C85+Mij6XQzzo='],
  [PLAIN, 'pbkdf2_sha1$1000000$4AozCuhxpSM1tKljQKoBah$oY+vDLEnbfe0yIQBp5fWEI9JApc='],
  [
    PLAIN,
    'argon2$argon2id$v=19$m=102400,t=2,p=8$YjhzU1BsaFlsSzVrT0hGYWFnaVkxVQ$cVwayuylsi9AkLTY1LN419OABgHm34eY1XOrwwOSOWA',
  ],
  [PLAIN, 'bcrypt_sha256$$2b$12$18H1u2aqrvV/Xb53OwdDLeIUwazP4U/.tF6V1/RP7tRMYe4wCMBEq'],
  [PLAIN, 'bcrypt$$2b$12$w79Juq21qQlgZMxfagvWPe79dzH8kCUEbU50HaSKa3XeJ7H1lHDo.'],
  [
    PLAIN,
    'scrypt$16384$TX71WazLOFsQswwJB2Mgjl$8$5$0803NQpz+r/9a4Gqh5o8ZOJ055AFlTIWxu1FXRuqsI6K8skaSNE0HH400+UIuZnOwES3qdkt20G64iaUb2+EzQ==',
  ],
  [UNICODE, 'pbkdf2_sha256$1000000$sMRRmL9w6eUSJKuwsoPUGS$u/+Eg/VtL46jI2QZCERWSHGt3Tq/WcB+qb1pJmg/gKY='],
  [UNICODE, 'pbkdf2_sha1$1000000$bKxxGpWMWY0iF2b740WSCW$CWyZ0FJUydJCWcUgOqQHi8Jc89E='],
  [
    UNICODE,
    'argon2$argon2id$v=19$m=102400,t=2,p=8$Rm9YdTQybm1HNk96dGpuSEpyZXRscA$xj2fQMFOVDQJy3IKEd3dmZDeVhxvkfKQfk56qQxS3W8',
  ],
  [UNICODE, 'bcrypt_sha256$$2b$12$pHK5iBnCNn316tu3RsX6tOyBhfapLiIuJvKDLc.g1auPm7EwdyzNy'],
  [UNICODE, 'bcrypt$$2b$12$73A4lMl18PpcE8CqYAVr.u3Sw/EL/pI0V2QuQ.CSzmqanwxKYHPWS'],
  [
    UNICODE,
    'scrypt$16384$lMWRsFcuM77BWhcvGrt9F2$8$5$sPRkf1QlW2vrGhDMrWwJim54qSgXVXI8G483HPQBl9XIweYPmhEhIA5pZnJsU4us+af4qnGigInwgh7gp959Pw==',
  ],
  [PLAIN, 'pbkdf2_sha256$36000$oldSalt1$DcNcrjJyO0sC2xw3POpLRiNznBdxeFiYSIXdDupPEZA='],
  [PLAIN, 'argon2$argon2i$v=19$m=512,t=2,p=2$c2FsdHNhbHRzYWx0$loP+ljkQTskxyQKHqe9yUA'],
  [PLAIN, 'argon2$argon2d$v=19$m=512,t=2,p=2$c2FsdHNhbHRzYWx0$5X1Xt60iALSiAWSjvpdu7Q'],
  [
    PLAIN,
    'scrypt$4096$salt$8$1$9DazQwWJ8vaWdqsJyoyvSmFNKIXRTS/DxeYhrUTKMdhYiWCzdvjRkxbezuo3ndvGoHKZyZteeX1PGo3h81URmQ==',
  ],
  [PLAIN, 'bcrypt$$2a$06$Tmbm4MaKg10Ztd0E.cAUf.pXFaQgg2uIvj/LSKxi7WMPDch4PvM0C'],
]

const DIGEST = 'KyO91ZtLdNXih258qijwe+Pv5Oxr8+C85+Mij6XQzzo='
const LONG_DIGEST = `${'A'.repeat(86)}==`
const BCRYPT_TAIL = '18H1u2aqrvV/Xb53OwdDLeIUwazP4U/.tF6V1/RP7tRMYe4wCMBEq'

/** None is a hash that a password can be verified with. */
const REFUSED: readonly string[] = [
  '!',
  '!kvyfbhghoCjXFNwnwtn4w5SbZBGgPKStG4ZGvmgE',
  `!pbkdf2_sha256$1000$salt$${DIGEST}`,
  `pbkdf2_sha256$1000000000000$salt$${DIGEST}`,
  `pbkdf2_sha256$5000001$salt$${DIGEST}`,
  `pbkdf2_sha256$0$salt$${DIGEST}`,
  `pbkdf2_sha256$-1$salt$${DIGEST}`,
  `pbkdf2_sha256$1e3$salt$${DIGEST}`,
  `pbkdf2_sha256$1000$$${DIGEST}`,
  `pbkdf2_sha256$1000$sa\0lt$${DIGEST}`,
  `pbkdf2_sha256$1000$salt$${DIGEST}$more`,
  `pbkdf2_sha256$1000$salt$${DIGEST}\n`,
  `pbkdf2_sha1$1000$salt$${DIGEST}`,
  'pbkdf2_sha256$1000$salt$oY+vDLEnbfe0yIQBp5fWEI9JApc=',
  `pbkdf2_md5$1000$salt$${DIGEST}`,
  'pbkdf2_sha256$1000$salt',
  'pbkdf2_sha256',
  `scrypt$1073741824$salt$8$1$${LONG_DIGEST}`,
  `scrypt$1048576$salt$8$1$${LONG_DIGEST}`,
  `scrypt$2$salt$999$999$${LONG_DIGEST}`,
  `scrypt$16384$salt$8$999$${LONG_DIGEST}`,
  `scrypt$1000$salt$8$1$${LONG_DIGEST}`,
  `scrypt$1$salt$8$1$${LONG_DIGEST}`,
  'scrypt$16384$salt$8$1$AAAA',
  `bcrypt$$2b$31$${BCRYPT_TAIL}`,
  `bcrypt_sha256$$2b$16$${BCRYPT_TAIL}`,
  `bcrypt_sha256$$2b$03$${BCRYPT_TAIL}`,
  `bcrypt_sha256$$2b$99$${BCRYPT_TAIL}`,
  `bcrypt_sha256$$2b$12$${BCRYPT_TAIL}x`,
  `$2b$12$${BCRYPT_TAIL}`,
  'argon2$argon2id$v=19$m=4294967295,t=2,p=8$YjhzU1BsaFlsSzVr$cVwayuylsi9AkLTY1LN419OABgHm34eY1XOrwwOSOWA',
  'argon2$argon2id$v=19$m=19456,t=4294967295,p=1$YjhzU1BsaFlsSzVr$cVwayuylsi9AkLTY1LN419OABgHm34eY1XOrwwOSOWA',
  '$argon2id$v=19$m=4194304,t=2,p=1$YjhzU1BsaFlsSzVr$cVwayuylsi9AkLTY1LN419OABgHm34eY1XOrwwOSOWA',
  '$argon2id$v=19$m=19456,t=2,p=255$YjhzU1BsaFlsSzVr$cVwayuylsi9AkLTY1LN419OABgHm34eY1XOrwwOSOWA',
  'argon2$argon2argon2$argon2id',
  'md5$salt$0123456789abcdef0123456789abcdef',
  'plain-text-password',
  '\0',
  'x'.repeat(300),
]

describe('a hash made by Django', () => {
  for (const [password, hashed] of MADE_BY_DJANGO) {
    const [form = ''] = /^[^$]+\$+[^$]+/.exec(hashed) ?? []
    it(`is verified, and is to be made anew: ${form} of ${password}`, async () => {
      assert.equal(await verifyPassword(password, hashed), true)
      assert.equal(await verifyPassword(`${password}x`, hashed), false)
      assert.equal(needsRehash(hashed), true)
      assert.equal(isPasswordHash(hashed), true)
    })
  }

  it('may have been made of a password that was not normalized', async () => {
    const decomposed = 'cafe\u0301-au-lait'
    const hashed = 'pbkdf2_sha256$1000$salt$4ZmC8DoDktAtrYqncb2N2QNaxX5xGzP8QNRUAXUzYUo='
    assert.equal(await verifyPassword(decomposed, hashed), true)
    assert.equal(await verifyPassword(decomposed.normalize('NFC'), hashed), false)
  })
})

describe('what is no hash, or asks for more work than an honest one', () => {
  it('is refused without that work, and no password is right', async () => {
    for (const hashed of REFUSED) {
      assert.equal(isPasswordHash(hashed), false, hashed)
      assert.equal(await verifyPassword('x', hashed), false, hashed)
      assert.equal(needsRehash(hashed), true, hashed)
    }
  })
})
