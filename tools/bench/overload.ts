import { randomUUID } from 'node:crypto'
import { type BenchDatabase, onEngines, round, type Say } from './database.ts'
import { openBench } from './fill.ts'
import { hire, login } from './staff.ts'
import { ready, serve } from './start.ts'
import { chats, closedLoop, openChat, type Product, questions } from './turns.ts'

const connections = 60
const times = 3
const loadMs = 6_000
/** After the load: what has not been answered by then has not been acknowledged. */
const patienceMs = 30_000

/**
 * Three times what it can take: the messages come at their rate whatever the server does, staff work meanwhile, and at the end the process is killed.
 * Every message that was acknowledged must be in the database.
 */
export const overload = (say: Say) => onEngines((database) => measure(database, say))

async function measure({ engine, url }: BenchDatabase, say: Say) {
  const empty = await openBench(url, Date.now)
  await hire(empty)
  await empty.close()
  const product = serve(url)
  await ready(product.address)
  const saturated = await closedLoop(await chats(product, connections))
  const staff = work(product.address, await login(product.address))
  const { sent, acknowledged, refused } = await flood(product, saturated * times)
  const staffMs = await staff.stop()
  const gone = new Promise((resolve) => product.child.once('exit', resolve))
  product.child.kill('SIGKILL')
  await gone
  const lost = await missing(url, acknowledged)
  const figures = { saturated: Math.round(saturated), sent, acknowledged: acknowledged.length, refused, lost, ...staffMs }
  say(
    `${engine}: ${sent} messages at ${Math.round(saturated * times)} a second, ${times} times the saturated rate: ${acknowledged.length} acknowledged, ${refused} refused, ${lost} lost`,
  )
  say(
    `${engine}: staff meanwhile: ${staffMs.staffReads} reads of the inbox, half within ${staffMs.staffMedianMs} ms, the slowest ${staffMs.staffSlowestMs} ms, ${staffMs.staffFailed} failed`,
  )
  return figures
}

/** An open loop over all connections. */
async function flood(product: Product, perSecond: number) {
  const [acknowledged, asked]: [string[], Set<string>] = [[], new Set()]
  let [sent, refused] = [0, 0]
  const sockets = await Promise.all(Array.from({ length: connections }, () => openChat(product)))
  for (const socket of sockets) {
    socket.on('message', (data) => {
      const { type, key = '' } = JSON.parse(String(data)) as { type: string; key?: string }
      if (type !== 'ack' && type !== 'nack') return
      asked.delete(key)
      if (type === 'ack') acknowledged.push(key)
      else refused += 1
    })
  }
  const from = performance.now()
  for (let passed = 0; passed < loadMs; passed = performance.now() - from) {
    for (; sent < (passed * perSecond) / 1_000; sent++) {
      const key = randomUUID()
      asked.add(key)
      const text = `${questions[sent % questions.length]} ${sent}`
      sockets[sent % connections]?.send(JSON.stringify({ type: 'say', key, content: { kind: 'text', text } }))
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  for (const until = performance.now() + patienceMs; asked.size > 0 && performance.now() < until; ) await new Promise((resolve) => setTimeout(resolve, 50))
  for (const socket of sockets) socket.terminate()
  return { sent, acknowledged, refused }
}

/** A clerk who reads the inbox again and again. */
function work(address: string, cookie: string) {
  const taken: number[] = []
  let [failed, going] = [0, true]
  const done = (async () => {
    while (going) {
      const from = performance.now()
      const answer = await fetch(`${address}/api/staff/tickets`, { headers: { cookie } })
      await answer.arrayBuffer()
      if (!answer.ok) failed += 1
      taken.push(performance.now() - from)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  })()
  return {
    stop: async () => {
      going = false
      await done
      const sorted = taken.sort((a, b) => a - b)
      const [median = 0, slowest = 0] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)]
      return { staffReads: taken.length, staffFailed: failed, staffMedianMs: round(median), staffSlowestMs: round(slowest) }
    },
  }
}

/** How many of the acknowledged are not in the database. */
async function missing(url: string, acknowledged: readonly string[]): Promise<number> {
  const { shell, close } = await openBench(url, Date.now)
  const rows = await shell.db.read.all<{ key: string }>(`SELECT "externalId" AS key FROM "Message" WHERE author = 'citizen'`)
  await close()
  const stored = new Set(rows.map(({ key }) => key.slice(-36)))
  return acknowledged.filter((key) => !stored.has(key)).length
}
