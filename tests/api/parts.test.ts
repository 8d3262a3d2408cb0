import { EventEmitter, once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import websocket from '@fastify/websocket'
import Fastify from 'fastify'
import { describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { createMailbox } from '../../api/mailbox.ts'
import { createRate, createRates, createSockets, untie } from '../../api/sockets.ts'
import { createVisitorTokens, newOneTimePassword } from '../../api/tokens.ts'
import { testKey } from '../support/database.ts'

describe('a visitor token', () => {
  const tokens = createVisitorTokens(testKey)

  test('is read back as the id that was issued', () => {
    const token = tokens.issue()

    expect(tokens.read(token)).toBe(token.split('.')[0])
  })

  test.each([
    ['another id under the same signature', (token: string) => `someone-else.${token.split('.')[1]}`],
    ['no signature', (token: string) => token.split('.')[0]],
    ['a longer token', (token: string) => `${token}.more`],
    ['nothing', () => undefined],
  ])('is refused with %s', (_, forge) => {
    expect(tokens.read(forge(tokens.issue()))).toBeUndefined()
  })

  test('of another installation is refused', () => {
    const other = createVisitorTokens(Buffer.alloc(32, 9).toString('base64'))

    expect(tokens.read(other.issue())).toBeUndefined()
  })
})

describe('the mailbox', () => {
  test('runs the turns of one conversation one after another, in the order of their arrival, also after a fault', async () => {
    const mailbox = createMailbox()
    const seen: string[] = []
    const turn = (name: string, fails = false) =>
      mailbox.run('c', async () => {
        seen.push(`${name} starts`)
        await new Promise((resolve) => setImmediate(resolve))
        seen.push(`${name} ends`)
        if (fails) throw new Error(name)
      })

    await Promise.allSettled([turn('1'), turn('2', true), turn('3')])

    expect(seen).toEqual(['1 starts', '1 ends', '2 starts', '2 ends', '3 starts', '3 ends'])
    await new Promise((resolve) => setImmediate(resolve))
    expect(mailbox.size()).toBe(0)
  })

  test('does not let one conversation wait for another', async () => {
    const mailbox = createMailbox()
    let release = (): void => undefined
    const slow = mailbox.run('slow', () => new Promise<void>((resolve) => (release = resolve)))

    await expect(mailbox.run('quick', async () => 'done')).resolves.toBe('done')
    release()
    await slow
  })
})

test('a sender who goes on too fast is held back, and let in again as time passes', () => {
  let now = 0
  const rate = createRate(60, () => now)
  const burst = Array.from({ length: 100 }, () => rate.take()).filter(Boolean).length

  expect(burst).toBe(30)
  expect(rate.take()).toBe(false)
  now += 1_000
  expect(rate.take()).toBe(true)
  expect(rate.take()).toBe(false)
})

test('a clock that is set back by an hour holds nobody back', () => {
  let now = 3_600_000
  const rate = createRate(60, () => now)
  now = 0

  expect(rate.take()).toBe(true)
})

test('a one-time password is long, easy to read out, and never the same', () => {
  const passwords = Array.from({ length: 200 }, newOneTimePassword)

  expect(new Set(passwords).size).toBe(200)
  for (const password of passwords) expect(password).toMatch(/^[a-hj-kmnp-z2-9]{12}$/)
})

test('each name has an allowance of its own, and a name that has been quiet for long is forgotten', () => {
  let now = 0
  const rates = createRates(60, () => now)
  const taken = (name: string) => Array.from({ length: 100 }, () => rates.take(name)).filter(Boolean).length

  expect([taken('a'), taken('b'), taken('a')]).toEqual([30, 30, 0])
  now += 70_000
  expect(taken('c')).toBe(30)
  expect(rates.size()).toBe(1)
})

test('a process that is full takes no more citizens, one address leaves room for others, and staff are always let in', () => {
  const sockets = createSockets({ most: 3, perAddress: 2 })
  const opened = () => Object.assign(new EventEmitter(), { ping: () => undefined }) as unknown as WebSocket
  const first = opened()
  sockets.admit(first, 'a')
  sockets.admit(opened(), 'a')

  expect([sockets.room('a'), sockets.room('b')]).toEqual([false, true])
  first.emit('close')
  expect(sockets.room('a')).toBe(true)
  sockets.admit(opened(), 'b')
  sockets.admit(opened())
  expect([sockets.room('a'), sockets.room('c'), sockets.size()]).toEqual([false, false, 3])
})

test('an open chat keeps nothing of the request that it came with', async () => {
  const app = Fastify()
  await app.register(websocket)
  const came: WeakRef<object>[] = []
  app.get('/chat', { websocket: true }, (socket, request) => {
    came.push(new WeakRef(request), new WeakRef(request.raw))
    untie(socket, request)
    socket.on('message', (data) => socket.send(String(data)))
  })
  const client = new WebSocket(`${(await app.listen({ port: 0, host: '127.0.0.1' })).replace('http', 'ws')}/chat`)
  await once(client, 'open')
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void

  await vi.waitFor(() => {
    collect()
    expect(came.filter((one) => one.deref() !== undefined)).toHaveLength(0)
  })
  client.send('还在')
  expect(String((await once(client, 'message'))[0])).toBe('还在')
  client.terminate()
  await app.close()
})
