import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { areas } from '../../casework/areas.ts'
import { dateOf, timeOf } from '../../casework/day.ts'
import { deliveriesById, handJobs, noteByHand, parcelOf, rungOf } from '../../prisma/deliveries.ts'
import type { Job } from '../../prisma/jobs.ts'
import type { StaffMember } from '../../prisma/staff.ts'
import { ticketById } from '../../prisma/tickets.ts'
import { problems, textList } from '../../texts/api.ts'
import type { HandText } from '../contract.ts'
import { rungsOf } from '../ladder.ts'
import { spokenAtOnce } from '../outbox.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import { hiddenTalks, hiddenTickets } from '../secrecy.ts'
import type { Server } from '../server.ts'
import { noteAudit, staffOf } from '../session.ts'
import type { SheetLine } from '../sheet.ts'
import type { Shell } from '../shell.ts'

const noted = z.object({ ids: z.array(z.number().int().positive()).min(1).max(500), sent: z.boolean() })

/** More than a person sends in a day; the rest is on the list when these are done. */
const listed = 500

/** The text messages that an office without a gateway sends by hand: as rows, as a workbook, and noted when sent. */
export function textRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server

  app.get('/api/staff/texts', async (request) => {
    const staff = await staffOf(server, request, areas.texts)
    const rows = await textsByHand(shell, staff)
    // Whoever sends them by hand needs the numbers in full.
    if (rows.length > 0) await noteAudit(server, staff.id, 'texts shown', String(rows.length))
    return { rows }
  })

  app.get('/api/staff/texts/list.xlsx', async (request, reply) => {
    const staff = await staffOf(server, request, areas.texts)
    const rows = await textsByHand(shell, staff)
    reply.header('cache-control', 'no-store')
    const today = dateOf(shell.now())
    await noteAudit(server, staff.id, 'texts exported', `${today} ${rows.length}`)
    const head = {
      title: textList.title,
      columns: textList.columns,
      notes: [textList.note(staff.name, `${today} ${timeOf(shell.now())}`)],
      month: today.slice(0, 7),
    }
    const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(`${textList.title}${today}.xlsx`)}`
    // Loaded when first needed: the library behind it would otherwise be in the memory of every idle process.
    const { workbook } = await import('../sheet.ts')
    return reply
      .type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
      .header('content-disposition', disposition)
      .send(workbook(head, lines(rows)))
  })

  app.post('/api/staff/texts', async (request) => {
    const staff = await staffOf(server, request, areas.texts)
    const { ids, sent } = parse(noted, request.body)
    const known = await notHidden(shell, staff, await deliveriesById(shell.db.read, ids))
    if (known.length < new Set(ids).size) throw new ProblemError('notFound', problems.notFound)
    const changed = await shell.commit(async (sql) => {
      let count = 0
      for (const id of ids) if (await noteByHand(sql, id, sent, shell.now())) count++
      return count
    })
    if (changed === 0) throw new ProblemError('notFound', problems.notFound)
    await noteAudit(server, staff.id, sent ? 'texts sent' : 'texts not sent', ids.join(' '))
    return { rows: await textsByHand(shell, staff) }
  })
}

/** What waits to be sent by hand, of the cases and talks that this person may hear of, the oldest first. */
export async function textsFor(shell: Shell, staff: StaffMember, most = Number.POSITIVE_INFINITY): Promise<Job[]> {
  const found: Job[] = []
  for (let after = 0; found.length < most; ) {
    const page = await handJobs(shell.db.read, after, listed)
    found.push(...(await notHidden(shell, staff, page)))
    after = page.at(-1)?.id ?? after
    if (page.length < listed) break
  }
  return found.slice(0, most)
}

async function notHidden(shell: Shell, staff: StaffMember, jobs: readonly Job[]): Promise<Job[]> {
  const idsOf = (name: 'ticketId' | 'conversationId') => [...new Set(jobs.flatMap(({ payload }) => (name in payload ? [String(payload[name])] : [])))]
  const [tickets, talks] = await Promise.all([hiddenTickets(shell, staff, idsOf('ticketId')), hiddenTalks(shell, staff, idsOf('conversationId'))])
  return jobs.filter(({ payload }) => !tickets.has(String(payload['ticketId'])) && !talks.has(String(payload['conversationId'])))
}

async function textsByHand(shell: Shell, staff: StaffMember): Promise<HandText[]> {
  const jobs = await textsFor(shell, staff, listed)
  const rows = await Promise.all(
    jobs.map(async (job): Promise<HandText[]> => {
      const parcel = await parcelOf(shell.db.read, shell.cipher, job)
      if (!parcel) return []
      const { ticketId } = job.payload
      const ticket = typeof ticketId === 'string' ? await ticketById(shell.db.read, shell.cipher, ticketId) : undefined
      const to = (await rungsOf(shell, parcel, ticket))[rungOf(job)]?.to ?? parcel.to
      return [{ id: job.id, at: job.createdAt, phone: to.externalId, text: spokenAtOnce(parcel.messages).text, ...(ticket ? { number: ticket.number } : {}) }]
    }),
  )
  return rows.flat()
}

async function* lines(rows: readonly HandText[]): AsyncGenerator<SheetLine> {
  for (const { id, at, phone, number, text } of rows)
    yield { month: dateOf(at).slice(0, 7), cells: [String(id), `${dateOf(at)} ${timeOf(at)}`, phone, number ?? '', text] }
}
