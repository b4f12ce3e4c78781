import assert from 'node:assert/strict'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { after, afterEach, describe, it } from 'node:test'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { type ArrivedMail, describeMailer } from '../../testing/mailer-contract.ts'
import { type MailError, type MailMessage, SmtpMailer, type SmtpOptions } from '../index.ts'
import { CERTIFICATE, CERTIFICATE_KEY } from './certificate.ts'
import { readMail } from './read-mail.ts'

const MESSAGE: MailMessage = {
  from: 'Acme <no-reply@acme.example>',
  to: 'asha@acme.test',
  subject: 'Hello',
  text: 'Hello Asha.\n',
  messageId: 'first@acme.example',
}
const PLAIN = { user: '', password: '', useTls: false, useSsl: false, timeoutMs: 2000 }

interface Arrived extends ArrivedMail {
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
  readonly isSecure: boolean
  readonly source: string
}

interface Running {
  readonly port: number
  readonly arrived: Arrived[]
  close(): Promise<void>
}

const running: Running[] = []

async function startServer(options: SMTPServerOptions = {}): Promise<Running> {
  const arrived: Arrived[] = []
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const source = Buffer.concat(chunks).toString('utf8')
        const { mailFrom, rcptTo } = session.envelope
        const envelope = { from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address) }
        arrived.push({ ...readMail(source), envelope, isSecure: session.secure, source })
        done()
      })
    },
    ...options,
  })
  // What a client that breaks off leaves behind.
  server.on('error', () => {})
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  const { port } = server.server.address() as AddressInfo // as: it listens on TCP
  const close = () => new Promise<void>((settle) => server.close(() => settle()))
  const started = { port, arrived, close }
  running.push(started)
  return started
}

const mailerTo = ({ port }: { readonly port: number }, options: Partial<SmtpOptions> = {}): SmtpMailer =>
  new SmtpMailer({ host: '127.0.0.1', port, ...PLAIN, ...options })

const failed = (failure: MailError['failure'], message = /./) => ({ name: 'MailError', failure, message })

describeMailer('smtp', async () => {
  const server = await startServer()
  running.splice(running.indexOf(server), 1)
  return { mailer: mailerTo(server), arrived: async () => server.arrived, close: server.close }
})

describe('the smtp driver', () => {
  afterEach(async () => {
    for (const { close } of running.splice(0)) await close()
  })

  it('names one receiver, asks for no automatic answer, and says nothing of what it runs on', async () => {
    const server = await startServer()
    await mailerTo(server).send({ ...MESSAGE, html: '<p>Hello</p>' })
    const [mail] = server.arrived
    assert.deepEqual(mail?.envelope, { from: 'no-reply@acme.example', to: ['asha@acme.test'] })
    assert.match(mail.source, /^Auto-Submitted: auto-generated\r$/m)
    assert.match(mail.source, /^Content-Type: multipart\/alternative/m)
    assert.doesNotMatch(mail.source, /nodemailer|x-mailer|bcc:/i)
  })

  const TLS = { key: CERTIFICATE_KEY, cert: CERTIFICATE, disabledCommands: [] }
  const onAuth: SMTPServerOptions['onAuth'] = ({ username, password }, _session, done) => {
    if (username === 'acme' && password === 'right horse') return done(null, { user: username })
    return done(new Error('Authentication failed for acme'))
  }

  it('turns the connection to TLS before it signs in', async () => {
    const server = await startServer({ ...TLS, onAuth, authOptional: false })
    const options = { host: 'localhost', useTls: true, user: 'acme', password: 'right horse', ca: CERTIFICATE }
    await mailerTo(server, options).send(MESSAGE)
    assert.deepEqual(
      server.arrived.map(({ isSecure }) => isSecure),
      [true],
    )
  })

  it('speaks TLS from the first byte', async () => {
    const server = await startServer({ ...TLS, secure: true, onAuth })
    const options = { host: 'localhost', useSsl: true, user: 'acme', password: 'right horse', ca: CERTIFICATE }
    await mailerTo(server, options).send(MESSAGE)
    assert.deepEqual(
      server.arrived.map(({ isSecure }) => isSecure),
      [true],
    )
  })

  it('sends nothing, and no password, to a server that has no TLS or whose certificate nobody vouches for', async () => {
    const names: (string | undefined)[] = []
    const seen: SMTPServerOptions['onAuth'] = ({ username }, _session, done) => {
      names.push(username)
      done(null, { user: username })
    }
    const bare = await startServer({ disabledCommands: ['STARTTLS'], onAuth: seen, allowInsecureAuth: true })
    const forged = await startServer({ ...TLS, onAuth: seen })
    const options = { host: 'localhost', useTls: true, user: 'acme', password: 'right horse' }
    await assert.rejects(mailerTo(bare, options).send(MESSAGE), failed('unreachable', /ETLS/))
    await assert.rejects(mailerTo(forged, options).send(MESSAGE), failed('unreachable', /certificate/))
    assert.deepEqual([names, bare.arrived, forged.arrived], [[], [], []])
  })

  it('lets a message wait, and tells no password, when the server does not take the sign-in', async () => {
    const server = await startServer({ ...TLS, onAuth })
    const options = { host: 'localhost', useTls: true, user: 'acme', password: 'wrong horse', ca: CERTIFICATE }
    const error = await mailerTo(server, options)
      .send(MESSAGE)
      .catch((refused: unknown) => refused)
    assert.ok(error instanceof Error)
    assert.match(error.message, /^EAUTH: Invalid login: 535/)
    assert.equal('failure' in error && error.failure, 'unreachable')
    assert.equal(JSON.stringify(error, Object.getOwnPropertyNames(error)).includes('wrong horse'), false)
  })

  /** Refuses at one of the steps with a code. */
  function refusing(step: 'onConnect' | 'onMailFrom' | 'onRcptTo' | 'onData', responseCode: number): SMTPServerOptions {
    const error = Object.assign(new Error('<asha@acme.test> is not for us'), { responseCode })
    if (step === 'onConnect') return { onConnect: (_session, done) => done(error) }
    if (step === 'onData') return { onData: (stream, _session, done) => stream.resume().on('end', () => done(error)) }
    return { [step]: (_address: unknown, _session: unknown, done: (error: Error) => void) => done(error) }
  }

  for (const [step, code, failure] of [
    ['onRcptTo', 550, 'refused'],
    ['onRcptTo', 450, 'deferred'],
    ['onData', 554, 'refused'],
    ['onData', 451, 'deferred'],
    ['onMailFrom', 550, 'unreachable'],
    ['onConnect', 554, 'unreachable'],
    ['onConnect', 421, 'unreachable'],
  ] as const) {
    it(`takes ${code} at ${step.slice(2)} for ${failure}, and tells no address`, async () => {
      const server = await startServer(refusing(step, code))
      const error = await mailerTo(server)
        .send(MESSAGE)
        .catch((refused: unknown) => refused)
      assert.ok(error instanceof Error && 'failure' in error)
      assert.equal(error.failure, failure)
      assert.match(error.message, new RegExp(String(code)))
      assert.equal(error.message.includes('asha@'), false)
      assert.deepEqual(server.arrived, [])
    })
  }

  it('lets a message wait for a server that is down, or has no such name', async () => {
    const server = await startServer()
    await server.close()
    running.length = 0
    await assert.rejects(mailerTo(server).send(MESSAGE), failed('unreachable', /ECONNREFUSED/))
    const nowhere = mailerTo(server, { host: 'smtp.invalid' })
    await assert.rejects(nowhere.send(MESSAGE), failed('unreachable', /EDNS|ENOTFOUND|EAI_AGAIN/))
  })
})

describe('the smtp driver with a server that does not play by the rules', () => {
  const servers: { readonly server: Server; readonly sockets: Set<Socket> }[] = []
  after(() => {
    for (const { server, sockets } of servers) {
      for (const socket of sockets) socket.destroy()
      server.close()
    }
  })

  /** A server that answers as it is told to. */
  async function rawServer(answer: (socket: Socket) => void) {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => {})
      answer(socket)
    })
    servers.push({ server, sockets })
    await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
    const { port } = server.address() as AddressInfo // as: it listens on TCP
    return { port, sockets }
  }

  const FAST = { timeoutMs: 150 }

  it('gives up one that says nothing', async () => {
    const server = await rawServer(() => {})
    await assert.rejects(mailerTo(server, FAST).send(MESSAGE), failed('unreachable'))
  })

  it('gives up one that goes on saying nothing of use, and leaves no connection open', async () => {
    const server = await rawServer((socket) => {
      socket.write('220 hello\r\n')
      const timer = setInterval(() => socket.write('250-more\r\n'), 20)
      socket.on('close', () => clearInterval(timer))
    })
    await assert.rejects(mailerTo(server, FAST).send(MESSAGE), failed('unreachable', /took too long/))
    await until(() => [...server.sockets].every((socket) => socket.destroyed || socket.readableEnded))
  })

  it('gives up one that hangs after the message, or hangs up in the middle', async () => {
    const hanging = await rawServer((socket) => converse(socket, () => {}))
    await assert.rejects(mailerTo(hanging, FAST).send(MESSAGE), failed('unreachable'))
    const rude = await rawServer((socket) => converse(socket, () => socket.destroy()))
    await assert.rejects(mailerTo(rude, FAST).send(MESSAGE), failed('unreachable'))
    const garbled = await rawServer((socket) => socket.end('\u0000\u0001 what?\r\n'))
    await assert.rejects(mailerTo(garbled, FAST).send(MESSAGE), failed('unreachable'))
  })

  it('breaks off what is being sent when it is closed', async () => {
    const server = await rawServer(() => {})
    const mailer = mailerTo(server, { timeoutMs: 60_000 })
    const sending = mailer.send(MESSAGE)
    const refused = assert.rejects(sending, failed('unreachable', /closed/))
    await until(() => server.sockets.size > 0)
    await mailer.close()
    await refused
  })
})

/** Plays along until the message has come. */
function converse(socket: Socket, onMessage: () => void): void {
  socket.write('220 hello\r\n')
  socket.on('data', (chunk: Buffer) => {
    const text = chunk.toString()
    if (/^(EHLO|MAIL|RCPT)/.test(text)) socket.write('250 ok\r\n')
    else if (text.startsWith('DATA')) socket.write('354 go on\r\n')
    else if (/\r\n\.\r\n$/.test(text)) onMessage()
  })
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((settle) => setTimeout(settle, 5))
}
