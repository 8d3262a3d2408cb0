import { isOpen } from '../../casework/stages.ts'
import { allTimers, timerKey } from '../../casework/timer.ts'
import { enqueue, finish, type Job, type NewJob } from '../../prisma/jobs.ts'
import { casesWithLines } from '../../prisma/journals.ts'
import type { Sql } from '../../prisma/sql.ts'
import { openTicket, timerJob } from '../../prisma/tickets.ts'
import { runCommand } from '../cases.ts'
import type { Shell } from '../shell.ts'

const kind = 'rules'
export const isRulesJob = (job: Job): boolean => job.kind === kind

/** To be stored with the edit: without it an edited rule would hold for new cases only. `what` names the edit, once. */
export function askForRules(sql: Sql, what: string, now: number): Promise<void> {
  const job: NewJob = { kind, uniqueKey: `${kind}:${what}`, orderKey: kind, runAt: now, payload: {} }
  return enqueue(sql, [job], now)
}

/** After an edit of policy or calendar: sets the clocks that waited for a year, and adds the timers that the new rules ask for. Safe to run again. */
export async function applyRules(shell: Shell, job: Job): Promise<void> {
  // Another process may have stored the edit.
  await shell.knowledge.reload()
  const { office } = shell.knowledge.current()
  for await (const { row } of casesWithLines(shell.db.read, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)) {
    const ticket = openTicket(row, shell.cipher)
    if (!isOpen(ticket.stage)) continue
    if (ticket.unset?.length) await runCommand(shell, { ticketId: ticket.id, command: { type: 'recount' }, by: { kind: 'clock' } })
    const timers = allTimers(ticket, office).map((timer) => timerJob(ticket.id, { ...timer, key: timerKey(timer) }))
    if (timers.length > 0) await shell.commit((sql) => enqueue(sql, timers, shell.now()))
  }
  await shell.commit((sql) => finish(sql, job.id, shell.now()))
}
