import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { isRestricted } from '../../casework/access.ts'
import { mainClock } from '../../casework/clocks.ts'
import { dayMs } from '../../casework/day.ts'
import { isOpen } from '../../casework/stages.ts'
import type { Ticket } from '../../casework/ticket.ts'
import { listTickets } from '../../prisma/reads.ts'
import { ticketByNumber } from '../../prisma/tickets.ts'
import { stageTitles } from '../../texts/casework.ts'
import { open311 as words } from '../../texts/open311.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'

// The reading half of Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2), as JSON. Field, unit, stage and times, and nothing that a citizen wrote.

/** As the standard says: 90 days where nobody names others, and 1,000 cases at most. */
const longestMs = 90 * dayMs
const most = 1_000
/** What the standard cannot do without, for cases that nobody has put into a field. */
const noField = 'other'

const query = z.object({
  service_request_id: z.string().max(600).optional(),
  service_code: z.string().max(60).optional(),
  start_date: z.iso.datetime({ offset: true }).optional(),
  end_date: z.iso.datetime({ offset: true }).optional(),
  status: z.enum(['open', 'closed']).optional(),
})

export function open311Routes(app: FastifyInstance, server: Server): void {
  const { shell } = server
  const opened = (): void => {
    if (server.config.OPEN311 === 'off') throw new ProblemError('notFound', words.closed)
  }
  app.get('/api/open311/v2/services.json', async () => {
    opened()
    const fields = [...new Set([...shell.knowledge.current().guides.values()].map(({ field }) => field))].sort()
    return [...fields, noField].map((code) => serviceOf(code))
  })

  app.get('/api/open311/v2/requests.json', { config: { query } }, async (request) => {
    opened()
    const asked = parse(query, request.query)
    const numbers = asked.service_request_id?.split(',').slice(0, 50)
    const tickets = numbers ? await byNumber(server, numbers) : await inPeriod(server, asked)
    return tickets
      .filter((ticket) => isPublic(server, ticket) && (!asked.status || (isOpen(ticket.stage) ? 'open' : 'closed') === asked.status))
      .map((ticket) => requestOf(server, ticket))
  })

  app.get('/api/open311/v2/requests/:id.json', async (request) => {
    opened()
    const { id } = parse(z.object({ id: z.string().max(60) }), request.params)
    const found = (await byNumber(server, [id])).filter((ticket) => isPublic(server, ticket))
    if (found.length === 0) throw new ProblemError('notFound', words.unknown)
    return found.map((ticket) => requestOf(server, ticket))
  })
}

/** Neither what is kept confidential, nor the discipline office's, nor anybody in danger; the same as a number that does not exist. */
const isPublic = ({ shell }: Server, ticket: Ticket): boolean => !ticket.urgent && !isRestricted(ticket, shell.knowledge.current().office)

async function byNumber({ shell }: Server, numbers: readonly string[]): Promise<Ticket[]> {
  const found = await Promise.all(numbers.map((number) => ticketByNumber(shell.db.read, shell.cipher, number.trim())))
  return found.filter((ticket) => ticket !== undefined)
}

function inPeriod({ shell }: Server, { service_code, start_date, end_date }: z.output<typeof query>): Promise<Ticket[]> {
  const before = end_date === undefined ? shell.now() + 1 : Date.parse(end_date)
  const from = Math.max(start_date === undefined ? 0 : Date.parse(start_date), before - longestMs)
  return listTickets(shell.db, shell.cipher, { from, before, category: service_code }, most)
}

const serviceOf = (code: string) => ({
  service_code: code,
  service_name: code === noField ? words.other : code,
  description: '',
  metadata: false,
  type: 'realtime',
  keywords: '',
  group: '',
})

function requestOf({ shell }: Server, ticket: Ticket) {
  const { number, stage, category = noField, lead, registeredAt } = ticket
  const unit = shell.knowledge.current().office.departments.find(({ id }) => id === lead)
  const dueAt = mainClock(ticket)?.dueAt
  return {
    service_request_id: number,
    status: isOpen(stage) ? 'open' : 'closed',
    status_notes: stageTitles[stage],
    service_code: category,
    service_name: serviceOf(category).service_name,
    agency_responsible: unit?.name ?? null,
    requested_datetime: new Date(registeredAt).toISOString(),
    expected_datetime: dueAt === undefined ? null : new Date(dueAt).toISOString(),
  }
}
