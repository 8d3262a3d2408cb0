import { seenBy } from '../casework/access.ts'
import { parseTicketNumber } from '../casework/number.ts'
import type { StaffWords } from '../channels/push.ts'
import { addDeed } from '../prisma/audits.ts'
import { DuplicateError } from '../prisma/committer.ts'
import { bindHandle, holderOf, signNotices, useHandleCode } from '../prisma/handles.ts'
import { enqueue, isAsked, type NewJob } from '../prisma/jobs.ts'
import type { Sql } from '../prisma/sql.ts'
import { commandAnswer, type StaffMember, staffById } from '../prisma/staff.ts'
import { ticketByNumber } from '../prisma/tickets.ts'
import { hears, answer as words } from '../texts/push.ts'
import { runCommand } from './cases.ts'
import { actorOf } from './session.ts'
import type { Shell } from './shell.ts'
import { createRate } from './sockets.ts'

/** All tries of everybody together: at this pace a code of eight digits that lives ten minutes is not found by trying. */
const triesPerMinute = 60
const rates = new WeakMap<Shell, ReturnType<typeof createRate>>()

type Reply = { readonly title: string; readonly line?: string }

/**
 * What a member of staff says or taps at a platform, which vouches for who they are: a binding code, or 签收 with the number of a case. The same
 * words pushed again do nothing again. The answer goes the way of all calls.
 */
export async function hear(shell: Shell, platform: string, said: StaffWords): Promise<true> {
  const text = said.text.normalize('NFKC').trim()
  const code = hears.bind(text)
  if (code !== undefined) await bind(shell, platform, said, code)
  else await sign(shell, platform, said, text)
  return true
}

async function bind(shell: Shell, platform: string, said: StaffWords, code: string): Promise<void> {
  const rate = rates.get(shell) ?? createRate(triesPerMinute, shell.now)
  rates.set(shell, rate)
  if (!rate.take()) return
  const key = replyKey(platform, said)
  await shell.db.write(async (sql) => {
    if (await isAsked(sql, key)) return
    const staffId = await useHandleCode(sql, shell.cipher, code, shell.now())
    if (staffId !== undefined) await bindHandle(sql, { staffId, platform, externalId: said.from }, shell.now())
    const name = shell.names.get(staffId ?? '') ?? ''
    const reply = staffId === undefined ? { title: words.wrongCode, line: words.wrongCodeLine } : { title: words.bound, line: words.boundLine(name) }
    await enqueue(sql, [replyJob(shell, platform, said, reply)], shell.now())
    if (staffId !== undefined) await addDeed(sql, shell.cipher, { at: shell.now(), staffId, action: 'handle bound', subject: platform })
  })
}

async function sign(shell: Shell, platform: string, said: StaffWords, text: string): Promise<void> {
  const staffId = await holderOf(shell.db.read, platform, said.from)
  const staff = staffId === undefined ? undefined : await staffById(shell.db, staffId)
  if (!staff || staff.disabled) return answer(shell, platform, said, { title: words.unknown, line: words.unknownLine })
  const number = parseTicketNumber(hears.sign(text) ?? '')?.number
  if (number === undefined) return answer(shell, platform, said, { title: words.help, line: words.helpLines.join('；') })
  await signCase(shell, platform, said, staff, number)
}

async function signCase(shell: Shell, platform: string, said: StaffWords, staff: StaffMember, number: string): Promise<void> {
  const commandId = replyKey(platform, said)
  if (await commandAnswer(shell.db, commandId, staff.id)) return
  const ticket = await ticketByNumber(shell.db.read, shell.cipher, number)
  const by = actorOf(staff)
  if (!ticket || !seenBy(ticket, by, shell.knowledge.current().office)) return answer(shell, platform, said, { title: words.refused, line: words.notFound })
  const noted = async (sql: Sql, title: string): Promise<void> => {
    await sql.insert('CommandLog', [{ commandId, staffId: staff.id, subject: ticket.id, version: ticket.version, at: shell.now() }])
    await signNotices(sql, ticket.id, staff, shell.now())
    await enqueue(sql, [replyJob(shell, platform, said, { title, line: number }, said.code)], shell.now())
  }
  try {
    const { ok } = await runCommand(shell, { ticketId: ticket.id, command: { type: 'accept' }, by, also: (sql) => noted(sql, words.signed) })
    // Signed by a colleague already, or nothing that this person signs for the unit: then it is a note that they know.
    if (!ok) await shell.commit((sql) => noted(sql, words.noted))
  } catch (fault) {
    if (!(fault instanceof DuplicateError)) throw fault
  }
}

const replyKey = (platform: string, { externalId }: StaffWords): string => `heard:${platform}:${externalId}`

const answer = (shell: Shell, platform: string, said: StaffWords, reply: Reply): Promise<void> =>
  shell.commit((sql) => enqueue(sql, [replyJob(shell, platform, said, reply)], shell.now()))

const replyJob = ({ now }: Shell, platform: string, said: StaffWords, { title, line = '' }: Reply, code?: string): NewJob => ({
  kind: 'push',
  uniqueKey: replyKey(platform, said),
  orderKey: `push:${platform}:reply:${said.from}`,
  runAt: now(),
  payload: { platform, to: said.from, title, line, ...(code === undefined ? {} : { code }) },
})
