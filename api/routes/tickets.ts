import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { maySee, seenBy } from '../../casework/access.ts'
import { areas } from '../../casework/areas.ts'
import { addDays, instantOf } from '../../casework/day.ts'
import type { Command } from '../../casework/decision.ts'
import { unmasked } from '../../casework/mask.ts'
import { parseTicketNumber } from '../../casework/number.ts'
import { partOfJournal } from '../../casework/part.ts'
import { readCommand } from '../../casework/read.ts'
import type { Stage, Ticket } from '../../casework/ticket.ts'
import { ticketLamp } from '../../casework/view.ts'
import { DuplicateError, StaleError } from '../../prisma/committer.ts'
import { listTickets, type TicketFilter } from '../../prisma/reads.ts'
import type { Sql } from '../../prisma/sql.ts'
import { commandAnswer, type StaffMember } from '../../prisma/staff.ts'
import { journalOf, ticketById } from '../../prisma/tickets.ts'
import { problems } from '../../texts/api.ts'
import { dashboardWords } from '../../texts/dashboard.ts'
import { type CaseAnswer, runCommand } from '../cases.ts'
import type { RegisteredView, Revealed, TicketView } from '../contract.ts'
import { registration } from '../intake.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { actorOf, noteAudit, staffOf } from '../session.ts'
import { noteViews } from '../talk.ts'
import { type Showing, ticketRow, ticketView } from '../views.ts'
import { receiptView } from './papers.ts'

const pageSize = 50
/** Cases that the reader may not see are passed over; so many pages are read at most to fill one. */
const mostPages = 10

const listQuery = z.object({
  stage: z.string().max(30).optional(),
  q: z.string().trim().max(60).optional(),
  department: z.string().max(60).optional(),
  lamp: z.enum(['green', 'yellow', 'red', 'late', 'none']).optional(),
  open: z.stringbool().optional(),
  cause: z.string().max(30).optional(),
  category: z.string().max(60).optional(),
  /** a county by its name; `untold` of the dashboard for cases without one */
  district: z.string().trim().max(60).optional(),
  channel: z.string().max(30).optional(),
  level: z.coerce.number().int().min(1).max(3).optional(),
  /** registered from that day up to and including this one */
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  cursor: z.string().max(60).optional(),
})
const idOf = z.object({ id: z.string().max(100) })
const commandBody = z.object({ commandId: z.string().min(8).max(64), version: z.number().int().min(0), command: z.looseObject({ type: z.string() }) })
const facts = z.looseObject({})
const intakeBody = z.object({
  commandId: z.string().min(8).max(64),
  channel: z.enum(['counter', 'phone']),
  demand: z.enum(['how', 'where', 'cannot']),
  urgent: z.boolean().default(false),
  facts,
})

/** Cases as staff see them; every command of the stage table; registration at the counter and on the phone. */
export function ticketRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server

  app.get('/api/staff/tickets', async (request) => {
    const staff = await staffOf(server, request, areas.cases)
    return listPage(server, staff, parse(listQuery, request.query))
  })

  app.get('/api/staff/tickets/:id', async (request) => {
    const staff = await staffOf(server, request)
    return viewOf(server, await knownTicket(server, parse(idOf, request.params).id, staff), staff)
  })

  app.post('/api/staff/tickets/:id/reveal', async (request): Promise<Revealed> => {
    const staff = await staffOf(server, request)
    const ticket = await visibleTicket(server, parse(idOf, request.params).id, staff)
    await noteAudit(server, staff.id, 'personal data shown', ticket.id)
    const { phone, idNumber } = ticket.facts
    const [view, notes] = await Promise.all([viewOf(server, ticket, staff, true), noteViews(shell, { ticketId: ticket.id }, staff, true)])
    return { phone, idNumber, view, notes }
  })

  app.post('/api/staff/tickets/:id/commands', async (request) => {
    const staff = await staffOf(server, request)
    const { id } = parse(idOf, request.params)
    const { commandId, version, command } = parse(commandBody, request.body)
    const { facts } = await knownTicket(server, id, staff)
    if (!(await commandAnswer(shell.db, commandId, staff.id))) {
      const read = readCommand(command)
      if (!read.ok) throw refused(read.refusal)
      const meant = read.command.type === 'amend' ? { ...read.command, facts: unmasked(read.command.facts, facts) } : read.command
      await once(server, { ticketId: id, commandId, version, command: meant }, staff)
    }
    return viewOf(server, await knownTicket(server, id, staff), staff)
  })

  app.post('/api/staff/tickets', async (request) => {
    const staff = await staffOf(server, request, areas.register)
    const { commandId, channel, demand, urgent, facts: given } = parse(intakeBody, request.body)
    const known = await commandAnswer(shell.db, commandId, staff.id)
    const answer = async (id: string, code: string): Promise<RegisteredView> => ({
      ...(await viewOf(server, await visibleTicket(server, id, staff), staff)),
      code,
      receipt: await receiptView(server, request, staff, id, code),
    })
    // The query code is shown once; whoever asks again under the same key gets the case without it.
    if (known) return answer(known.subject, '')
    const amend = readCommand({ type: 'amend', facts: given })
    if (!amend.ok || amend.command.type !== 'amend') throw new ProblemError('malformed', problems.malformed)
    const { command, code } = await registration(shell, { channel, enteredBy: staff.id, demand, urgent, facts: amend.command.facts })
    const id = await once(server, { ticketId: command.id, commandId, command, code }, staff)
    return answer(id, id === command.id ? code : '')
  })
}

type Once = { readonly ticketId: string; readonly commandId: string; readonly version?: number; readonly command: Command; readonly code?: string }

/**
 * Runs a command under its idempotency key. Gives the case that it was done to: of two equal registrations at once, the one that was first.
 * @throws ProblemError 'stale' | 'refused'
 */
export async function once({ shell }: Server, { ticketId, commandId, version, command, code }: Once, staff: StaffMember): Promise<string> {
  const also = (sql: Sql, after: Ticket): Promise<void> =>
    sql.insert('CommandLog', [{ commandId, staffId: staff.id, subject: ticketId, version: after.version, at: shell.now() }])
  try {
    const answer: CaseAnswer = await runCommand(shell, {
      ticketId,
      command,
      by: actorOf(staff),
      also,
      ...(version === undefined ? {} : { version }),
      ...(code === undefined ? {} : { code }),
    })
    if (!answer.ok) throw refused(answer.refusal)
    return ticketId
  } catch (fault) {
    if (!(fault instanceof DuplicateError || fault instanceof StaleError)) throw fault
    // The same command came twice at once: the other one did it.
    const done = await commandAnswer(shell.db, commandId, staff.id)
    if (!done) throw new ProblemError('stale', problems.stale)
    return done.subject
  }
}

const refused = ({ code, detail }: { readonly code: string; readonly detail: string }): ProblemError => new ProblemError('refused', detail, code)

/** A case that this person may not see does not exist for them. */
export async function visibleTicket(server: Server, id: string, staff: StaffMember): Promise<Ticket> {
  const ticket = await knownTicket(server, id, staff)
  if (!maySee(ticket, actorOf(staff), server.shell.knowledge.current().office)) throw new ProblemError('notFound', problems.notFound)
  return ticket
}

/** The case for those who see the whole of it or a part. */
async function knownTicket({ shell }: Server, id: string, staff: StaffMember): Promise<Ticket> {
  const ticket = await ticketById(shell.db.read, shell.cipher, id)
  if (!ticket || !seenBy(ticket, actorOf(staff), shell.knowledge.current().office)) throw new ProblemError('notFound', problems.notFound)
  return ticket
}

export async function viewOf({ shell }: Server, ticket: Ticket, staff: StaffMember, inFull = false): Promise<TicketView> {
  const { office } = shell.knowledge.current()
  const showing: Showing = { by: actorOf(staff), now: shell.now(), office, inFull }
  const journal = await journalOf(shell.db.read, shell.cipher, ticket.id)
  const seen = seenBy(ticket, showing.by, office)
  if (!seen || seen === ticket) return ticketView(ticket, journal, showing)
  return { ...ticketView(seen, partOfJournal(journal, ticket, staff.unit ?? ''), showing), part: true }
}

type Page = { readonly tickets: Ticket[] /** of the last case that was looked at, where there may be more */; readonly next?: string }

/** Cases as this person may see them, by due date: their unit's alone where they have no place at the desk. */
export async function visibleTickets(
  { shell }: Server,
  staff: StaffMember,
  given: TicketFilter,
  most: number,
  fits = (_: Ticket): boolean => true,
): Promise<Page> {
  const { office } = shell.knowledge.current()
  const by = actorOf(staff)
  const filter = { ...given, ...unitOf(staff) }
  const asSeen = (ticket: Ticket): Ticket[] => {
    const seen = seenBy(ticket, by, office)
    return seen && (seen === ticket || !probes(filter, ticket)) && fits(seen) ? [seen] : []
  }
  const found: Ticket[] = []
  let after = filter.after
  for (let page = 0; page < mostPages; page++) {
    const tickets = await listTickets(shell.db, shell.cipher, { ...filter, after }, pageSize)
    for (const ticket of tickets) {
      found.push(...asSeen(ticket))
      after = ticket.id
      if (found.length === most) return { tickets: found, next: after }
    }
    if (tickets.length < pageSize) return { tickets: found }
  }
  return { tickets: found, ...(after === undefined ? {} : { next: after }) }
}

/** Whoever sees a part of a case finds out by search what stands in that part alone. */
const probes = ({ phoneIndex, words = [], cause, category }: TicketFilter, { number }: Ticket): boolean =>
  phoneIndex !== undefined || cause !== undefined || category !== undefined || words.some((word) => !number.includes(word))

async function listPage(server: Server, staff: StaffMember, query: z.output<typeof listQuery>) {
  const { shell } = server
  const { office } = shell.knowledge.current()
  const filter: TicketFilter = {
    stage: query.stage as Stage | undefined,
    department: query.department,
    open: query.open,
    cause: told(query.cause),
    category: told(query.category),
    channel: query.channel,
    level: query.level,
    from: query.from === undefined ? undefined : instantOf(query.from),
    before: query.to === undefined ? undefined : instantOf(addDays(query.to, 1)),
    after: query.cursor,
    ...searchOf(server, query.q),
  }
  const now = shell.now()
  const fits = (ticket: Ticket): boolean => (query.lamp === undefined || ticketLamp(ticket, now, office) === query.lamp) && isDrilled(ticket, query)
  const { tickets, next } = await visibleTickets(server, staff, filter, pageSize, fits)
  return { rows: tickets.map((ticket) => ticketRow(ticket, now, office)), ...(next === undefined ? {} : { next }) }
}

const { untold } = dashboardWords
const told = (name: string | undefined): string | undefined => (name === untold ? undefined : name)

/** What no column holds: the county, which is sealed with the facts, and what nobody has said yet. As the dashboard counts them. */
function isDrilled({ facts, cause, category, proposal }: Ticket, query: z.output<typeof listQuery>): boolean {
  return (
    (query.district === undefined || (facts.district?.trim() || untold) === query.district) &&
    (query.cause !== untold || (cause ?? proposal.cause) === undefined) &&
    (query.category !== untold || (category ?? proposal.category) === undefined)
  )
}

/** A phone number is looked up by its blind index, a case number in any writing, everything else as words. */
function searchOf({ shell }: Server, q: string | undefined): Pick<TicketFilter, 'phoneIndex' | 'words'> {
  if (!q) return {}
  const digits = q.normalize('NFKC').replace(/[\s-]/g, '')
  if (/^1\d{10}$/.test(digits)) return { phoneIndex: shell.cipher.index('phone', digits) }
  const number = parseTicketNumber(q)?.number
  return { words: number ? [number] : q.split(/\s+/) }
}

/** Section chiefs and liaisons without a place at the desk see their own unit's cases; `seenBy` checks every one again. */
export function unitOf({ roles, unit }: StaffMember): Pick<TicketFilter, 'unit'> {
  const atDesk = roles.some((role) => role !== 'chief' && role !== 'liaison' && role !== 'admin')
  return unit && !atDesk ? { unit } : {}
}
