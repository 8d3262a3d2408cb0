import { setImmediate } from 'node:timers/promises'
import { startSurvey } from '../../bot/survey.ts'
import type { Timer } from '../../casework/decision.ts'
import type { Ticket } from '../../casework/ticket.ts'
import { type Firing, fire } from '../../casework/timer.ts'
import { postpone } from '../../prisma/callbacks.ts'
import { StaleError } from '../../prisma/committer.ts'
import { conversationById } from '../../prisma/conversations.ts'
import { claim, fail, finish, type Job, JobTakenError } from '../../prisma/jobs.ts'
import type { Sql } from '../../prisma/sql.ts'
import { ticketById } from '../../prisma/tickets.ts'
import { commitTurn } from '../../prisma/turns.ts'
import { tasks } from '../../texts/api.ts'
import { askDesk, runCommand } from '../cases.ts'
import { announce } from '../desk.ts'
import type { Shell } from '../shell.ts'
import { runMarks, timerOf } from './marks.ts'
import { quietUntil } from './quiet.ts'
import { repeated } from './repeats.ts'
import { applyRules, isRulesJob } from './rules.ts'

/** Due jobs taken in one go; more would keep a citizen's message waiting while they are written, and outlive their lease when each takes long. */
const batch = 100

/** Runs what is due, until nothing is. The tick only says "look": what is due stands in the Job table. */
export async function runDueJobs(shell: Shell): Promise<number> {
  for (let ran = 0; ; ) {
    const jobs = await claim(shell.db, shell.now(), batch)
    if (jobs.length === 0) return ran
    for (const job of await runMarks(shell, jobs)) await runJob(shell, job)
    ran += jobs.length
    // The embedded database answers without waiting: many jobs must let others have their turn.
    await setImmediate()
  }
}

async function runJob(shell: Shell, job: Job): Promise<void> {
  try {
    await (isRulesJob(job) ? applyRules(shell, job) : runTimer(shell, job))
  } catch (fault) {
    if (fault instanceof JobTakenError) return
    const state = await fail(shell.db, job, shell.now(), fault instanceof Error ? fault.message : String(fault))
    shell.log.error({ err: fault, jobId: job.id, kind: job.kind, state }, 'job failed')
  }
}

/** Decides anew on the case as it is now; the job is done in the same transaction as what it caused. */
async function runTimer(shell: Shell, job: Job): Promise<void> {
  const ticketId = String(job.payload['ticketId'])
  const ticket = await ticketById(shell.db.read, shell.cipher, ticketId)
  const timer = timerOf(job)
  const quiet = ticket && (await quietUntil(shell, timer, ticket))
  if (quiet !== undefined) return postpone(shell.db, job.id, quiet)
  const firing = ticket ? await firingOf(shell, timer, ticket) : {}
  const done = (sql: Sql): Promise<void> => finish(sql, job.id, shell.now())
  if (firing.command && ticket) {
    const answer = await runCommand(shell, { ticketId, command: firing.command, by: { kind: 'clock' }, ...(firing.ask ? {} : { also: done }) })
    if (answer.ok && !firing.ask) return
  }
  const now = firing.command ? await ticketById(shell.db.read, shell.cipher, ticketId) : ticket
  if (firing.ask && now?.stage === 'replied') await askCitizen(shell, job, now, Number(job.payload['attempt']))
  else await shell.commit(done)
}

const firingOf = async (shell: Shell, timer: Timer, ticket: Ticket): Promise<Firing> =>
  timer.kind === 'repeats' ? repeated(shell, ticket, timer.step) : fire(timer, ticket, shell.knowledge.current().office)

/** Asks in the conversation first; from the second attempt on, or where there is none, a person phones. */
async function askCitizen(shell: Shell, job: Job, ticket: Ticket, attempt: number): Promise<void> {
  const at = shell.now()
  const conversation = attempt === 1 && ticket.conversationId ? await conversationById(shell.db.read, shell.cipher, ticket.conversationId) : undefined
  if (!conversation || conversation.owner.kind === 'staff') {
    await shell.commit(async (sql) => {
      await askDesk(sql, ticket, `callback.${job.payload['round']}.${attempt}`, tasks.callCitizen(ticket.number, attempt), at)
      await finish(sql, job.id, at)
    })
    return
  }
  const { message, memory } = startSurvey(ticket, conversation.memory)
  const record = {
    conversation,
    externalPerson: '',
    spoken: [{ author: 'bot' as const, message }],
    focus: conversation.focus,
    memory,
    queue: 'keep' as const,
    changes: [],
    missed: [],
    occasion: shell.channels.size > 0 ? { about: ticket.id } : {},
    at,
  }
  try {
    const turn = await shell.commit(async (sql) => {
      await finish(sql, job.id, at)
      return commitTurn(sql, shell.cipher, record)
    })
    announce(shell, turn, [])
  } catch (fault) {
    // The citizen is talking at this moment: asked again on the conversation as it is then.
    if (!(fault instanceof StaleError)) throw fault
    await askCitizen(shell, job, ticket, attempt)
  }
}
