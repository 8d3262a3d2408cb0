import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { newVisitor } from '../support/files.ts'
import { openOffice } from '../support/office.ts'

type Frame = { readonly type: string; readonly key?: string; readonly code?: string; readonly retryMs?: number }

async function openFlood() {
  const office = await openOffice({ CHAT_PER_MINUTE: '1000000' })
  const socket = new WebSocket(`${office.url.replace('http', 'ws')}/api/chat`, { headers: { cookie: await newVisitor(office.url) } })
  await new Promise((resolve) => socket.once('open', resolve))
  const [acknowledged, refused]: [string[], Frame[]] = [[], []]
  let tell = (): void => undefined
  socket.on('message', (data) => {
    const frame: Frame = JSON.parse(String(data))
    if (frame.type === 'ack') acknowledged.push(frame.key ?? '')
    if (frame.type === 'nack') refused.push(frame)
    tell()
  })
  return {
    office,
    acknowledged,
    refused,
    answered: (count: number) =>
      new Promise<void>((resolve) => {
        tell = () => {
          if (acknowledged.length + refused.length >= count) resolve()
        }
        tell()
      }),
    say: (key: string) => socket.send(JSON.stringify({ type: 'say', key, content: { kind: 'text', text: `要带什么材料 ${key}` } })),
    close: async () => {
      socket.terminate()
      await office.close()
    },
  }
}

test('more at once than the process can take is refused with a time to come again, and everything that is acknowledged is stored, once', async () => {
  const { office, acknowledged, refused, answered, say, close } = await openFlood()
  say('message-first')
  await answered(1)
  const [person] = await office.shell.db.read.all<{ personId: string }>('SELECT "personId" FROM "Conversation"')
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  void office.shell.mailbox.run(person?.personId ?? '', () => held)
  for (let place = 0; place < 700; place++) say(`message-${place}`)
  await answered(101)
  release()
  await answered(701)

  expect(refused).toHaveLength(100)
  for (const frame of refused) expect(frame).toMatchObject({ code: 'busy', retryMs: 2_000 })
  const again = refused[0]?.key ?? ''
  say(again)
  await answered(702)
  expect(acknowledged).toContain(again)
  const rows = await office.shell.db.read.all<{ key: string }>(`SELECT "externalId" AS key FROM "Message" WHERE author = 'citizen'`)
  expect(rows.map(({ key }) => key.slice(key.indexOf(':') + 1)).sort()).toEqual([...acknowledged].sort())
  await close()
}, 60_000)

test('staff are served between two turns, not after all that citizens have sent', async () => {
  const { office, acknowledged, answered, say, close } = await openFlood()
  say('message-first')
  await answered(1)

  for (let place = 0; place < 400; place++) say(`message-${place}`)
  await answered(2)
  expect((await fetch(`${office.url}/health/ready`)).status).toBe(200)
  expect(acknowledged.length).toBeLessThan(200)
  await answered(401)
  await close()
}, 60_000)
