// npm run bench: turns against a bare echo, in one run, side by side on this machine. The last line is JSON.
import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { benchMatch } from './benchmatch.ts'

const questions = ['身份证丢了怎么补办', '我想开个小吃店，执照在哪儿办', '要带什么材料', '几天能办好', '公积金怎么提取', '居住证怎么办', '网上能办吗', '收费吗']
const loadMs = 6_000
const openLoop = { perSecond: 200, connections: 50, forMs: 10_000 }
const idleConnections = 10_000

type Client = { readonly socket: WebSocket; readonly ask: (place: number) => Promise<void> }

const folder = mkdtempSync(join(tmpdir(), 'bandecheng-bench-'))
const echo = fork('tools/bench-echo.mjs')
const echoPort = await new Promise<number>((resolve) => echo.once('message', (port) => resolve(Number(port))))
const port = 20_000 + Math.floor(Math.random() * 20_000)
const product = await startProduct()

const turnRatio: Record<string, number> = {}
for (const connections of [1, 50, 500]) {
  const [turns, echoes] = [await closedLoop(await chats(connections)), await closedLoop(await echoers(connections))]
  turnRatio[connections] = round(turns / echoes)
  print(`${String(connections).padStart(4)} connections: ${Math.round(turns)} turns/s, ${Math.round(echoes)} echoes/s, ratio ${turnRatio[connections]}`)
}
const turnP99Ms = round(await p99(await chats(openLoop.connections)))
print(`open loop at ${openLoop.perSecond} turns/s: p99 ${turnP99Ms} ms`)
const idleHeapKb = round(await idleHeap())
print(`heap of an idle chat at ${idleConnections} connections: ${idleHeapKb} KB`)
product.kill()
echo.kill()
rmSync(folder, { recursive: true, force: true })
const understanding = benchMatch()
print(
  `understanding and match at 5,000 guides: p50 ${understanding.understandP50} ms, p99 ${understanding.understandP99} ms; 100,000 items: p99 ${understanding.at100k} ms in ${understanding.at100kMb} MB; ready after ${understanding.ready} ms`,
)
print(JSON.stringify({ turnRatio, turnP99Ms, idleHeapKb, ...understanding }))
process.exit(0)

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000
}

async function startProduct(): Promise<ChildProcess> {
  const settings = {
    DATABASE_URL: `file:${join(folder, 'bench.db')}`,
    DATA_KEY_FILE: join(folder, 'key'),
    HOST: '127.0.0.1',
    PORT: String(port),
    LOG_LEVEL: 'error',
    CHAT_PER_MINUTE: '100000000',
    RATE_LIMIT: '100000000',
  }
  const child = fork('tools/bench-server.mjs', {
    execArgv: ['--expose-gc'],
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  child.on('exit', (code) => {
    if (code) throw new Error(`the server ended with ${code}`)
  })
  for (;;) {
    const up = await fetch(`http://127.0.0.1:${port}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (up) return child
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function open(url: string, headers: Record<string, string> = {}): Promise<WebSocket> {
  const socket = new WebSocket(url, { headers })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return socket
}

/** A turn is over when its acknowledgement is there: stored and answered. */
async function chats(count: number): Promise<Client[]> {
  const clients: Client[] = []
  for (let each = 0; each < count; each++) {
    const socket = await openChat()
    const waiting = new Map<string, () => void>()
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as { type: string; key: string }
      if (frame.type === 'nack') throw new Error(`refused: ${String(data)}`)
      if (frame.type === 'ack') waiting.get(frame.key)?.()
    })
    const ask = (place: number) =>
      new Promise<void>((resolve) => {
        const key = randomUUID()
        waiting.set(key, () => {
          waiting.delete(key)
          resolve()
        })
        socket.send(JSON.stringify({ type: 'say', key, content: { kind: 'text', text: questions[place % questions.length] } }))
      })
    clients.push({ socket, ask })
  }
  return clients
}

async function openChat(): Promise<WebSocket> {
  const visitor = await fetch(`http://127.0.0.1:${port}/api/visitor`, { method: 'POST' })
  const cookie = visitor.headers.getSetCookie()[0]?.split(';')[0]
  if (!cookie) throw new Error(`no visitor: ${visitor.status}`)
  return open(`ws://127.0.0.1:${port}/api/chat`, { cookie })
}

async function echoers(count: number): Promise<Client[]> {
  const clients: Client[] = []
  for (let each = 0; each < count; each++) {
    const socket = await open(`ws://127.0.0.1:${echoPort}`)
    const ask = (place: number) =>
      new Promise<void>((resolve) => {
        socket.once('message', () => resolve())
        socket.send(JSON.stringify({ type: 'say', key: randomUUID(), content: { kind: 'text', text: questions[place % questions.length] } }))
      })
    clients.push({ socket, ask })
  }
  return clients
}

/** Answers per second when every connection asks again as soon as it is answered. */
async function closedLoop(clients: readonly Client[]): Promise<number> {
  let answered = 0
  const from = performance.now()
  const until = from + loadMs
  await Promise.all(
    clients.map(async ({ ask }) => {
      for (let place = 0; performance.now() < until; place++) {
        await ask(place)
        answered++
      }
    }),
  )
  const seconds = (performance.now() - from) / 1_000
  for (const { socket } of clients) socket.terminate()
  return answered / seconds
}

/** Milliseconds within which 99 of 100 turns are answered that come at a fixed rate, whatever the server does. */
async function p99(clients: readonly Client[]): Promise<number> {
  const taken: number[] = []
  const all: Promise<void>[] = []
  const from = performance.now()
  for (let turn = 0; turn < (openLoop.perSecond * openLoop.forMs) / 1_000; turn++) {
    const due = from + (turn * 1_000) / openLoop.perSecond
    const wait = due - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    const client = clients[turn % clients.length]
    if (client) all.push(client.ask(turn).then(() => void taken.push(performance.now() - due)))
  }
  await Promise.all(all)
  for (const { socket } of clients) socket.terminate()
  return taken.sort((a, b) => a - b)[Math.floor(taken.length * 0.99)] ?? 0
}

async function idleHeap(): Promise<number> {
  const heap = (): Promise<number> => {
    const answer = new Promise<number>((resolve) => product.once('message', (bytes) => resolve(Number(bytes))))
    product.send('heap')
    return answer
  }
  const before = await heap()
  const sockets: WebSocket[] = []
  while (sockets.length < idleConnections) sockets.push(...(await Promise.all(Array.from({ length: 100 }, openChat))))
  const after = await heap()
  for (const socket of sockets) socket.terminate()
  return (after - before) / idleConnections / 1_024
}
