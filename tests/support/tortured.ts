import { setTimeout as pause } from 'node:timers/promises'
import { evolve } from '../../casework/evolve.ts'
import { auditJournals } from '../../prisma/audit.ts'
import { auditTrail } from '../../prisma/audits.ts'
import { conversationById, messagesAfter, personIdOf, type StoredMessage } from '../../prisma/conversations.ts'
import { type Database, openDatabase } from '../../prisma/database.ts'
import { journalOf, ticketById } from '../../prisma/tickets.ts'
import { testCipher } from './database.ts'
import type { Promised } from './torture.ts'

export type Findings = { readonly messages: number; readonly cases: number; readonly lines: number; readonly broken: readonly string[] }

/** Waits until nothing is left that was due by then; what a process that was killed had begun is begun again once its lease is over. */
export async function settled(databaseUrl: string, now: () => number): Promise<void> {
  const db = await openDatabase(databaseUrl)
  const open = () => db.read.all(`SELECT id FROM "Job" WHERE state NOT IN ('done', 'dead') AND "runAt" <= ? LIMIT 1`, [now()])
  for (let tries = 0; tries < 600 && (await open()).length > 0; tries++) await pause(200)
  await db.close()
}

/** Compares what is stored with what the outside was promised, and names every broken promise; deadlines up to `until` have been called for. */
export async function examine(databaseUrl: string, promised: Promised, until: number): Promise<Findings> {
  const db = await openDatabase(databaseUrl)
  const broken: string[] = promised.died > 0 ? [`${promised.died} processes ended by themselves`] : []
  for (const citizen of promised.citizens) broken.push(...(await brokenTo(citizen)))
  for (const [phone, said] of promised.phones) {
    const own = (await messagesAfter(db.read, testCipher, await conversationIdOf(db, phone), 0, 1_000_000)).flatMap(({ body }) =>
      'content' in body && body.content.kind === 'text' ? [body.content.text] : [],
    )
    if (own.join('\n') !== said.join('\n')) broken.push(`a phone said ${said.length} things, and ${own.length} are there, or in another order`)
  }
  broken.push(
    ...(await db.read.all<{ kind: string }>(`SELECT kind FROM "Job" WHERE state <> 'done' AND "runAt" <= ?`, [until])).map(({ kind }) => `${kind} is not done`),
  )
  const talks = await conversations(db)
  for (const messages of talks) broken.push(...brokenIn(messages))
  const said = talks.flat().flatMap(({ author, body }) => (author === 'staff' && 'message' in body ? [body.message.text] : []))
  broken.push(...unequal('what clerks said', said, promised.staffSaid))
  const cases = await brokenCases(db, talks, promised.reasons, until)
  await db.close()
  return { messages: talks.flat().length, cases: cases.count, lines: cases.lines, broken: [...broken, ...cases.broken] }
}

/** Acknowledged messages are there once, in the order in which they were said, each at the place that was told. */
async function brokenTo({ client, said }: Promised['citizens'][number]): Promise<string[]> {
  const heard = client.heard()
  const own = heard.filter((message) => message.author === 'citizen')
  const broken: string[] = []
  if (heard.some((message, index) => message.seq !== index + 1)) broken.push('a citizen misses messages')
  if (own.map(({ text }) => text).join('\n') !== said.join('\n'))
    broken.push(`a citizen said ${said.length} things and finds ${own.length}, or in another order`)
  for (const [key, seq] of client.acknowledged()) if (own.find((message) => message.key === key)?.seq !== seq) broken.push(`${key} was acknowledged at ${seq}`)
  return broken
}

async function conversations(db: Database): Promise<StoredMessage[][]> {
  const rows = await db.read.all<{ id: string }>('SELECT id FROM "Conversation"')
  return Promise.all(rows.map(({ id }) => messagesAfter(db.read, testCipher, id, 0, 1_000_000)))
}

/** Every message of the citizen is answered by the bot, unless a person has the conversation: then the bot is silent. */
function brokenIn(messages: readonly StoredMessage[]): string[] {
  let taken = false
  const broken: string[] = []
  for (const [index, { author, body, seq }] of messages.entries()) {
    if (author === 'system' && 'message' in body) taken = /已接入/.test(body.message.text) ? true : /已结束接待/.test(body.message.text) ? false : taken
    if (author === 'bot' && taken) broken.push(`the bot spoke at ${seq} while a person had the conversation`)
    if (author === 'citizen' && !taken && messages[index + 1]?.author !== 'bot') broken.push(`no answer to ${seq}`)
  }
  return broken
}

async function brokenCases(db: Database, talks: readonly (readonly StoredMessage[])[], reasons: readonly string[], until: number) {
  const broken: string[] = []
  let [count, lines] = [0, 0]
  for await (const audited of auditJournals(db.read, testCipher, evolve)) {
    count += 1
    lines += audited.lines
    if (audited.fault) broken.push(`journal of ${audited.number}: ${audited.fault.kind} at ${audited.fault.line}`)
  }
  for await (const { id, whole } of auditTrail(db.read, testCipher)) if (!whole) broken.push(`line ${id} of the trail`)
  const tickets = await db.read.all<{ id: string; number: string; conversationId: string | null }>('SELECT id, number, "conversationId" FROM "Ticket"')
  const told = talks.flat().flatMap(({ body }) => ('message' in body ? (body.message.text.match(/\d{4}-\d{8}-\d{4}-\d/g) ?? []) : []))
  broken.push(
    ...[...new Set(told)].filter((number) => !tickets.some((ticket) => ticket.number === number)).map((number) => `told of ${number}, which is not there`),
  )
  const given: string[] = []
  for (const { id, number, conversationId } of tickets) {
    if (conversationId && !told.includes(number)) broken.push(`nobody was told of ${number}`)
    if (conversationId && !(await conversationById(db.read, testCipher, conversationId))) broken.push(`the conversation of ${number} is gone`)
    const marks: string[] = []
    for (const { stamped } of await journalOf(db.read, testCipher, id)) {
      if (stamped.event.type === 'triaged') given.push(stamped.event.reason)
      if (stamped.event.type === 'reminded') marks.push(`${stamped.event.deadline} ${stamped.event.ref ?? ''} ${stamped.event.mark}`)
    }
    const late = (await ticketById(db.read, testCipher, id))?.deadlines.filter(
      (one) => one.metAt === undefined && one.cancelledAt === undefined && one.dueAt <= until,
    )
    for (const { kind, reminded } of late ?? []) if (!reminded?.includes('due')) broken.push(`nobody was reminded of ${kind} of ${number}`)
    if (new Set(marks).size !== marks.length) broken.push(`reminders given twice in ${number}: ${marks}`)
  }
  broken.push(...unequal('reasons of commands', given, reasons))
  return { broken, count, lines }
}

function unequal(what: string, stored: readonly string[], promised: readonly string[]): string[] {
  const missing = promised.filter((one) => !stored.includes(one))
  const twice = stored.filter((one, index) => stored.indexOf(one) !== index)
  return [...missing.map((one) => `${what}: ${one} was confirmed and is missing`), ...twice.map((one) => `${what}: ${one} is stored twice`)]
}

async function conversationIdOf(db: Database, phone: string): Promise<string> {
  const [row] = await db.read.all<{ id: string }>('SELECT id FROM "Conversation" WHERE "personId" = ?', [personIdOf('sms', phone)])
  return row?.id ?? ''
}
