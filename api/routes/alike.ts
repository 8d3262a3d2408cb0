import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { maySee } from '../../casework/access.ts'
import { addDays, dateOf, instantOf } from '../../casework/day.ts'
import type { Command } from '../../casework/decision.ts'
import { readCommand } from '../../casework/read.ts'
import { duplicateDays, duplicates, type Told } from '../../casework/repeat.ts'
import type { Facts, Role } from '../../casework/ticket.ts'
import { mayBeSame } from '../../prisma/alike.ts'
import { commandAnswer, type StaffMember } from '../../prisma/staff.ts'
import { problems } from '../../texts/api.ts'
import { additions } from '../../texts/intake.ts'
import type { AlikeRow } from '../contract.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { actorOf, staffOf } from '../session.ts'
import { ticketRow } from '../views.ts'
import { once, viewOf, visibleTicket } from './tickets.ts'

const listed = 5
const registrars: readonly Role[] = ['clerk']
const idOf = z.object({ id: z.string().max(100) })
const facts = z.looseObject({})
const given = z.object({ facts })
const addition = z.object({ commandId: z.string().min(8).max(64), channel: z.enum(['counter', 'phone']), facts })

/** "This is already case N": what staff are shown before they register, on the page of a case, and how a telling is added to a case that is there. */
export function alikeRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server

  app.post('/api/staff/alike', async (request) => {
    const staff = await staffOf(server, request, registrars)
    return { rows: await alike(server, { facts: factsIn(parse(given, request.body).facts) }, staff) }
  })

  app.get('/api/staff/tickets/:id/alike', async (request) => {
    const staff = await staffOf(server, request)
    return { rows: await alike(server, await visibleTicket(server, parse(idOf, request.params).id, staff), staff) }
  })

  app.post('/api/staff/tickets/:id/additions', async (request) => {
    const staff = await staffOf(server, request, registrars)
    const { id } = parse(idOf, request.params)
    const { commandId, channel, facts } = parse(addition, request.body)
    const ticket = await visibleTicket(server, id, staff)
    const said = factsIn(facts)
    const note = [said.story, said.told].filter(Boolean).join('；')
    if (!note) throw new ProblemError('malformed', additions.nothing)
    const command: Command = { type: 'amend', facts: lacking(ticket.facts, said), note: additions.note(channel, note) }
    if (!(await commandAnswer(shell.db, commandId, staff.id))) await once(server, { ticketId: id, commandId, command }, staff)
    return viewOf(server, await visibleTicket(server, id, staff), staff)
  })
}

async function alike({ shell }: Server, told: Told, staff: StaffMember): Promise<AlikeRow[]> {
  const now = shell.now()
  const { office } = shell.knowledge.current()
  const found = await mayBeSame(shell.db.read, shell.cipher, told, instantOf(addDays(dateOf(now), -duplicateDays)))
  return duplicates(told, found, now)
    .filter(({ ticket }) => maySee(ticket, actorOf(staff), office))
    .slice(0, listed)
    .map(({ ticket, likeness, samePerson }) => ({ row: ticketRow(ticket, now, office), likeness: Math.round(likeness * 100) / 100, samePerson }))
}

function factsIn(body: Readonly<Record<string, unknown>>): Facts {
  const read = readCommand({ type: 'amend', facts: body })
  if (!read.ok || read.command.type !== 'amend') throw new ProblemError('malformed', problems.malformed)
  return read.command.facts
}

/** What the case does not know yet: a second telling adds, and corrects nothing by itself. */
const lacking = (known: Facts, { story: _, told: __, ...said }: Facts): Facts =>
  Object.fromEntries(Object.entries(said).filter(([name]) => known[name as keyof Facts] === undefined))
