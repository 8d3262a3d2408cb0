import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'
import { type BenchDatabase, onEngines, round, type Say } from './database.ts'
import { ready, serve } from './start.ts'

export const questions = [
  '身份证丢了怎么补办',
  '我想开个小吃店，执照在哪儿办',
  '要带什么材料',
  '几天能办好',
  '公积金怎么提取',
  '居住证怎么办',
  '网上能办吗',
  '收费吗',
]
const loadMs = 6_000
const openLoop = { perSecond: 200, connections: 50, forMs: 10_000 }
const idleConnections = 10_000

type Client = { readonly socket: WebSocket; readonly ask: (place: number) => Promise<void> }

export type Product = { readonly child: ChildProcess; readonly address: string }

/** Turns against a bare echo, in one run. A turn is over when its acknowledgement is there: understood, answered, and on disk. */
export const turns = (say: Say) => onEngines((database) => measure(database, say))

async function measure({ engine, url }: BenchDatabase, say: Say) {
  const echo = fork('tools/bench-echo.mjs')
  const echoPort = await new Promise<number>((resolve) => echo.once('message', (port) => resolve(Number(port))))
  const product = serve(url)
  await ready(product.address)
  const ratio: Record<string, number> = {}
  for (const connections of [1, 50, 500]) {
    const [ours, echoes] = [await closedLoop(await chats(product, connections)), await closedLoop(await echoers(echoPort, connections))]
    ratio[connections] = round(ours / echoes)
    say(`${engine}: ${String(connections).padStart(4)} connections: ${Math.round(ours)} turns/s, ${Math.round(echoes)} echoes/s, ratio ${ratio[connections]}`)
  }
  const p99Ms = round(await p99(await chats(product, openLoop.connections)))
  say(`${engine}: open loop at ${openLoop.perSecond} turns/s: p99 ${p99Ms} ms`)
  const idleHeapKb = round(await idleHeap(product))
  say(`${engine}: heap of an idle chat at ${idleConnections} connections: ${idleHeapKb} KB`)
  product.child.kill()
  echo.kill()
  return { ratio, p99Ms, idleHeapKb }
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
export async function chats(product: Product, count: number): Promise<Client[]> {
  const clients: Client[] = []
  for (let each = 0; each < count; each++) {
    const socket = await openChat(product)
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

export async function openChat({ address }: Product): Promise<WebSocket> {
  const visitor = await fetch(`${address}/api/visitor`, { method: 'POST' })
  const cookie = visitor.headers.getSetCookie()[0]?.split(';')[0]
  if (!cookie) throw new Error(`no visitor: ${visitor.status}`)
  return open(`${address.replace('http', 'ws')}/api/chat`, { cookie })
}

async function echoers(echoPort: number, count: number): Promise<Client[]> {
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
export async function closedLoop(clients: readonly Client[]): Promise<number> {
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

async function idleHeap(product: Product): Promise<number> {
  const heap = (): Promise<number> => {
    const answer = new Promise<number>((resolve) => product.child.once('message', (bytes) => resolve(Number(bytes))))
    product.child.send('heap')
    return answer
  }
  const before = await heap()
  const sockets: WebSocket[] = []
  while (sockets.length < idleConnections) sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => openChat(product)))))
  const after = await heap()
  for (const socket of sockets) socket.terminate()
  return (after - before) / idleConnections / 1_024
}
