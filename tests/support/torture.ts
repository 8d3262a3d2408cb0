import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { type ChatClient, createChatClient } from './chat.ts'
import type { RunningServer } from './server.ts'
import { createStaffClient, logIn, type StaffClient } from './staff.ts'

// The office as a black box under load, and everything that may befall it. What was acknowledged is noted here, outside; tortured.ts compares.

export type Fault = 'kill' | 'freeze' | 'disconnect' | 'clock' | 'disk' | 'database' | 'restart' | 'roll'

export type Torture = {
  readonly processes: readonly RunningServer[]
  readonly citizens: number
  readonly clerks: number
  /** the vendor of text messages that pushes what phones say; undefined where nobody sends any */
  readonly vendor?: Vendor
  /** how often something happens, until when at the latest (`performance.now()`), and what */
  readonly rounds: number
  readonly until?: number
  readonly faults: readonly Fault[]
  /** where the processes read by how much their clock is wrong */
  readonly clockFile: string
  /** cuts every connection to the database */
  readonly breakDatabase?: () => Promise<void>
  /** lets the database server crash and come up again */
  readonly restartDatabase?: () => Promise<void>
  readonly seed: number
  readonly tell?: (line: string) => void
}

/** What the outside world was promised. */
export type Promised = {
  readonly citizens: readonly { readonly client: ChatClient; readonly said: readonly string[] }[]
  /** texts that were taken from each phone, by its number, in their order */
  readonly phones: ReadonlyMap<string, readonly string[]>
  /** texts that clerks said and had confirmed, each unique */
  readonly staffSaid: readonly string[]
  /** reasons given with confirmed commands on cases, each unique */
  readonly reasons: readonly string[]
  readonly happened: Readonly<Record<Fault, number>>
  /** processes that ended without being killed */
  readonly died: number
}

const words = [
  '身份证丢了怎么补办',
  '我办营业执照跑了三趟还是不给办，窗口说系统有问题',
  '我叫赵敏，电话13712345678',
  '转人工',
  '要带什么材料',
  '公积金怎么提取',
  '算了',
]

/** Numbers that come out the same for the same seed (mulberry32). */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides
  }
}

export async function torture(plan: Torture): Promise<Promised> {
  const roll = dice(plan.seed)
  const happened: Record<Fault, number> = { kill: 0, freeze: 0, disconnect: 0, clock: 0, disk: 0, database: 0, restart: 0, roll: 0 }
  const urls = plan.processes.map(({ url }) => url)
  const citizens = Array.from({ length: plan.citizens }, () => ({ client: createChatClient(urls[0] ?? ''), said: [] as string[] }))
  const clerks = await hire(plan)
  const [staffSaid, reasons]: [string[], string[]] = [[], []]
  const phones = new Map<string, readonly string[]>()
  let running = true
  const isRunning = () => running
  const work = [
    ...citizens.map((citizen) => talk(citizen, isRunning, () => urls[roll(urls.length)] ?? '')),
    ...clerks.map((clerk) => serve(clerk, isRunning, { staffSaid, reasons })),
    ...(plan.vendor?.phones ?? []).map((phone) => text(phone, isRunning, (texts) => push(plan, urls, texts, roll), phones)),
  ]
  let died = 0
  for (let round = 1; round <= plan.rounds && performance.now() < (plan.until ?? Number.POSITIVE_INFINITY); round++) {
    await pause(20 + roll(180))
    for (const process of plan.processes.filter((one) => one.isDead())) {
      died += 1
      await raise(process)
    }
    const fault = plan.faults[roll(plan.faults.length)] ?? 'kill'
    happened[fault] += 1
    died += await befall(fault, plan, citizens, roll)
    if (round % 50 === 0)
      plan.tell?.(`${round} of ${plan.rounds}: ${JSON.stringify(happened)}, ${citizens.reduce((sum, { said }) => sum + said.length, 0)} messages`)
  }
  for (const process of plan.processes.filter((one) => one.isDead())) await raise(process)
  writeFileSync(plan.clockFile, '0')
  running = false
  await Promise.all(work)
  return { citizens, phones, staffSaid, reasons, happened, died }
}

export type Vendor = { readonly phones: readonly string[]; readonly path: string }
type Text = { readonly phone_number: string; readonly content: string; readonly sequence_id: number }

/** A phone sends its next text as soon as the vendor has handed over the last one. */
async function text(phone: string, isRunning: () => boolean, handOver: (texts: readonly Text[]) => Promise<void>, phones: Map<string, readonly string[]>) {
  const said: string[] = []
  phones.set(phone, said)
  for (let turn = 0; isRunning(); turn++) {
    const content = `${words[turn % words.length]}`
    said.push(content)
    await handOver([{ phone_number: phone, content, sequence_id: Number(phone) * 100_000 + turn }])
    await pause(200)
  }
}

/** A vendor pushes until it is told that the text was taken, and one in three it pushes twice at once. */
async function push({ vendor }: Torture, urls: readonly string[], texts: readonly Text[], roll: (sides: number) => number): Promise<void> {
  const once = async (): Promise<boolean> => {
    const sent = { method: 'POST', body: JSON.stringify(texts), signal: AbortSignal.timeout(5_000) }
    const answer = await fetch(`${urls[roll(urls.length)]}${vendor?.path}`, sent).then(
      (taken) => taken.json() as Promise<{ readonly code?: number }>,
      () => undefined,
    )
    return answer?.code === 0
  }
  for (;;) {
    const taken = await Promise.all(Array.from({ length: roll(3) === 0 ? 2 : 1 }, once))
    if (taken.includes(true)) return
    await pause(50)
  }
}

/** Starts a process again as its keeper does (systemd, a container): until it stays up. */
async function raise(process: RunningServer): Promise<void> {
  for (let tries = 0; tries < 10; tries++) {
    const isUp = await process.restart().then(
      () => true,
      () => false,
    )
    if (isUp) return
  }
  throw new Error('a process does not start any more')
}

/** @returns how many processes did not end as they were told */
async function befall(fault: Fault, plan: Torture, citizens: readonly { readonly client: ChatClient }[], roll: (sides: number) => number): Promise<number> {
  const victim = plan.processes[roll(plan.processes.length)]
  if (!victim) return 0
  if (fault === 'roll') return rolled(plan.processes)
  if (fault === 'kill') {
    await victim.kill()
    await raise(victim)
  } else if (fault === 'freeze') {
    victim.freeze()
    await pause(100 + roll(900))
    victim.thaw()
  } else if (fault === 'disk') {
    victim.fillDisk()
    await pause(100 + roll(900))
    if (!victim.isDead()) victim.makeRoom()
  } else if (fault === 'disconnect') for (const { client } of citizens) client.drop()
  else if (fault === 'clock') writeFileSync(plan.clockFile, String((roll(3) - 1) * 3_600_000))
  else if (fault === 'restart') await plan.restartDatabase?.()
  else await plan.breakDatabase?.()
  return 0
}

/** An upgrade: one process after another ends when it is asked to, and starts again. */
async function rolled(processes: readonly RunningServer[]): Promise<number> {
  let unwilling = 0
  for (const process of processes) {
    if (!process.isDead() && (await process.stop()) !== 0) unwilling += 1
    await raise(process)
  }
  return unwilling
}

/** Says the next thing as soon as the last one is acknowledged; comes back, anywhere, when the line is cut. */
async function talk(citizen: { readonly client: ChatClient; readonly said: string[] }, isRunning: () => boolean, anywhere: () => string): Promise<void> {
  const { client, said } = citizen
  let open = true
  const online = (async () => {
    while (open) {
      await client.connect(anywhere()).then(
        () => client.closed(),
        () => pause(50),
      )
    }
  })()
  for (let turn = 0; isRunning(); turn++) {
    const text = `${words[turn % words.length]}`
    said.push(text)
    await client.say(text)
  }
  // Whoever is told of a later message first asks for those between; what does not come now is missing. Another process may hear of the last one a moment later.
  const last = Math.max(0, ...client.acknowledged().values())
  await Promise.race([client.waitState(({ seq }) => seq >= last && client.heard().length === seq), pause(30_000)])
  open = false
  client.drop()
  await online
}

type Clerk = { readonly name: string; readonly clients: readonly StaffClient[] }

async function hire({ processes, clerks }: Torture): Promise<Clerk[]> {
  const [first] = processes
  const { account = '', password = '' } = first?.administrator ?? {}
  const admin = await logIn(first?.url ?? '', account, password)
  return Promise.all(
    Array.from({ length: clerks }, async (_, index) => {
      const name = `clerk${index}`
      const { body } = await admin.post<{ password: string }>('/people', { account: name, name, roles: ['clerk'] })
      const session = await logIn(first?.url ?? '', name, body.password)
      return { name, clients: processes.map(({ url }) => createStaffClient(url, session.cookie())) }
    }),
  )
}

/** Takes over whoever waits, says something unique, gives back; moves cases on. Every command is sent under its key until it is answered. */
async function serve(clerk: Clerk, isRunning: () => boolean, { staffSaid, reasons }: { staffSaid: string[]; reasons: string[] }): Promise<void> {
  for (let turn = 0; isRunning(); turn++) {
    const [row] = (await insist(clerk, turn, (client) => client.get<{ rows: { id: string }[] }>('/conversations?state=waiting'))).body.rows ?? []
    const command = async (command: object): Promise<boolean> => {
      const commandId = randomUUID()
      return (await insist(clerk, turn, (client) => client.post(`/conversations/${row?.id}/commands`, { commandId, version: 0, command }))).status === 200
    }
    if (row && (await command({ type: 'takeover' }))) {
      const text = `${clerk.name}的第${turn}句`
      if (await command({ type: 'say', text })) staffSaid.push(text)
      await command({ type: 'handback' })
    }
    await triage(clerk, turn, reasons)
    await pause(30)
  }
}

async function triage(clerk: Clerk, turn: number, reasons: string[]): Promise<void> {
  const { body } = await insist(clerk, turn, (client) => client.get<{ rows: { id: string; version: number }[] }>('/tickets?stage=registered'))
  const ticket = body.rows?.[turn % Math.max(1, body.rows.length)]
  if (!ticket) return
  const reason = `${clerk.name}的第${turn}条理由`
  const command = { type: 'triage', demandClass: 'clear', level: 1, cause: '材料缺失', lead: 'natural', reason }
  const sent = { commandId: randomUUID(), version: ticket.version, command }
  if ((await insist(clerk, turn, (client) => client.post(`/tickets/${ticket.id}/commands`, sent))).status === 200) reasons.push(reason)
}

/** Goes round the processes until one answers with something definite. */
async function insist<T extends { readonly status: number }>({ clients }: Clerk, turn: number, call: (client: StaffClient) => Promise<T>): Promise<T> {
  for (let tries = turn; ; tries++) {
    try {
      const answer = await call(clients[tries % clients.length] as StaffClient)
      if (answer.status < 500 && answer.status !== 429) return answer
    } catch {
      // killed, frozen, or not up yet
    }
    await pause(50)
  }
}
