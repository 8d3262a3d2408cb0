import type { Timer } from '../../casework/decision.ts'
import { fire } from '../../casework/timer.ts'
import { finishAll, type Job } from '../../prisma/jobs.ts'
import { saveTickets, type TicketChange, ticketsById } from '../../prisma/tickets.ts'
import { changeBy } from '../changes.ts'
import { tellOfTicket } from '../desk.ts'
import type { Shell } from '../shell.ts'

export const timerOf = ({ payload, kind, runAt }: Job): Timer => ({ ...payload, kind, runAt }) as unknown as Timer

/**
 * Reminders of different cases, read, decided and stored together: a morning on which thousands are due costs a few statements a hundred.
 * Returns the jobs that are still to be run by themselves: other kinds, those behind another job of their case, and all when one case has
 * moved on meanwhile or cannot be read.
 */
export async function runMarks(shell: Shell, jobs: readonly Job[]): Promise<readonly Job[]> {
  const firsts = jobs.filter((job, index) => job.kind === 'mark' && jobs.findIndex((one) => one.orderKey === job.orderKey) === index)
  if (firsts.length < 2) return jobs
  try {
    const changes = await decided(shell, firsts)
    await shell.commit(async (sql) => {
      await saveTickets(sql, shell.cipher, changes)
      await finishAll(
        sql,
        firsts.map((job) => job.id),
        shell.now(),
      )
    })
    for (const { after } of changes) tellOfTicket(shell, after)
    return jobs.filter((job) => !firsts.includes(job))
  } catch (fault) {
    shell.log.debug({ err: fault, jobs: firsts.length }, 'reminders run one by one')
    return jobs
  }
}

async function decided(shell: Shell, jobs: readonly Job[]): Promise<TicketChange[]> {
  const { office } = shell.knowledge.current()
  const ticketIdOf = ({ payload }: Job): string => String(payload['ticketId'])
  const tickets = await ticketsById(shell.db.read, shell.cipher, jobs.map(ticketIdOf))
  return jobs.flatMap((job) => {
    const ticket = tickets.get(ticketIdOf(job))
    const { command } = ticket ? fire(timerOf(job), ticket, office, job.createdAt) : {}
    if (!ticket || !command) return []
    const changed = changeBy(ticket, command, { kind: 'clock' }, shell.now(), office)
    if (!changed.ok) return []
    if (changed.change.notices.some((notice) => notice.to === 'citizen')) throw new Error('a reminder told the citizen')
    return [changed.change]
  })
}
