import type { FastifyInstance } from 'fastify'
import { dateOf, dayMs } from '../../casework/day.ts'
import { flowchartSvg } from '../../casework/drawing.ts'
import type { Office } from '../../casework/policy.ts'
import { type Rate, rates } from '../../casework/rates.ts'
import { isOpen } from '../../casework/stages.ts'
import type { Ticket } from '../../casework/ticket.ts'
import { casesWithLines } from '../../prisma/journals.ts'
import { openTicket } from '../../prisma/tickets.ts'
import { allowanceText } from '../../texts/casework.ts'
import { publicPage as words } from '../../texts/publicpage.ts'
import type { PublicFigure, PublicView } from '../contract.ts'
import type { Server } from '../server.ts'
import type { Shell } from '../shell.ts'

const periodMs = 90 * dayMs
/** A figure of fewer may point at one person. */
const least = 5
const mostFields = 5
/** Anybody may ask, and each answer walks over a quarter of a year. */
const freshMs = 10 * 60_000

/** 公示: nothing in it leads to a case or a person. */
export function figureRoutes(app: FastifyInstance, { shell }: Server): void {
  let known: { readonly until: number; readonly view: Promise<PublicView> } | undefined
  app.get('/api/public/figures', async (): Promise<PublicView> => {
    const now = shell.now()
    if (!known || known.until <= now) {
      const view = figuresOf(shell)
      known = { until: now + freshMs, view }
      view.catch(() => {
        known = undefined
      })
    }
    return known.view
  })

  app.get('/api/public/flowchart.svg', async (_request, reply) =>
    reply.type('image/svg+xml; charset=utf-8').header('content-security-policy', "default-src 'none'; sandbox").send(flowchartSvg(words.flow)),
  )
}

async function figuresOf(shell: Shell): Promise<PublicView> {
  const now = shell.now()
  const { office } = shell.knowledge.current()
  const tickets: Ticket[] = []
  for await (const { row } of casesWithLines(shell.db.read, now - periodMs, now + 1)) {
    const ticket = openTicket(row, shell.cipher)
    if (ticket.stage !== 'merged') tickets.push(ticket)
  }
  const found = rates(tickets, now, office.policy)
  const fields = fieldsOf(tickets)
  const shown = fields.filter(({ count }) => count >= least).slice(0, mostFields)
  return {
    from: dateOf(now - periodMs),
    to: dateOf(now),
    registered: tickets.length,
    finished: tickets.filter(({ stage }) => !isOpen(stage)).length,
    rates: [figure('responded', found.responded), figure('solved', found.solved), figure('satisfied', found.satisfied)],
    fields: shown,
    otherFields: tickets.length - shown.reduce((sum, { count }) => sum + count, 0),
    limits: limitsOf(office),
  }
}

function figure(name: keyof typeof words.rates, { of, count, percent }: Rate): PublicFigure {
  const few = of < least
  return { ...words.rates[name], few, ...(few ? {} : { of, count, ...(percent === undefined ? {} : { percent }) }) }
}

function fieldsOf(tickets: readonly Ticket[]): { title: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const { category, proposal } of tickets) {
    const title = category ?? proposal.category
    if (title) counts.set(title, (counts.get(title) ?? 0) + 1)
  }
  return [...counts].map(([title, count]) => ({ title, count })).sort((a, b) => b.count - a.count)
}

function limitsOf({ policy }: Office): PublicView['limits'] {
  const { deadlines, resolution } = policy
  const all = [
    [words.limitTitles.triage, deadlines.triage],
    [words.limitTitles.assignment, deadlines.assignment],
    [words.limitTitles.acceptance, deadlines.acceptance],
    [words.limitTitles.firstContact, deadlines.firstContact],
    [words.limitTitles.resolution1, resolution[1]],
    [words.limitTitles.resolution2, resolution[2]],
    [words.limitTitles.resolution3, resolution[3]],
    [words.limitTitles.impossible, resolution.impossible],
    [words.limitTitles.reply, deadlines.reply],
    [words.limitTitles.callback, deadlines.callback],
  ] as const
  return all.flatMap(([title, allowance]) => (allowance ? [{ title, text: allowanceText(allowance) }] : []))
}
