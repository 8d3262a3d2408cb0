import { setImmediate } from 'node:timers/promises'
import { startSurvey } from '../../bot/survey.ts'
import type { Timer } from '../../casework/decision.ts'
import type { Instant, Ticket } from '../../casework/ticket.ts'
import { type Firing, fire } from '../../casework/timer.ts'
import { postpone } from '../../prisma/callbacks.ts'
import { StaleError } from '../../prisma/committer.ts'
import { conversationById } from '../../prisma/conversations.ts'
import { claim, fail, finish, type Job, JobTakenError } from '../../prisma/jobs.ts'
import type { Sql } from '../../prisma/sql.ts'
import { saveTicket, ticketById } from '../../prisma/tickets.ts'
import { commitTurn } from '../../prisma/turns.ts'
import { tasks } from '../../texts/api.ts'
import { askDesk, conversationForNews, runCommand } from '../cases.ts'
import { changeBy } from '../changes.ts'
import { announce } from '../desk.ts'
import type { Shell } from '../shell.ts'
import { runMarks, timerOf } from './marks.ts'
import { quietUntil } from './quiet.ts'
import { repeated } from './repeats.ts'
import { applyRules, isRulesJob } from './rules.ts'

/** Due jobs taken in one go; more would keep a citizen's message waiting while they are written, and outlive their lease when each takes long. */
const batch = 100

/** Runs what is due, until nothing is. The tick only says "look": what is due stands in the Job table. The next jobs are claimed while these are being stored. */
export async function runDueJobs(shell: Shell): Promise<number> {
  const next = () => claim(shell.db, shell.now(), batch)
  let jobs = await next()
  for (let ran = 0; ; ) {
    if (jobs.length === 0) return ran
    const [following] = await Promise.all([jobs.length === batch ? next() : undefined, runJobs(shell, jobs)])
    ran += jobs.length
    // The embedded database answers without waiting: many jobs must let others have their turn.
    await setImmediate()
    jobs = following?.length ? following : await next()
  }
}

async function runJobs(shell: Shell, jobs: readonly Job[]): Promise<void> {
  for (const job of await runMarks(shell, jobs)) await runJob(shell, job)
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
  const firing = ticket ? await firingOf(shell, timer, ticket, job.createdAt) : {}
  const done = (sql: Sql): Promise<void> => finish(sql, job.id, shell.now())
  if (firing.command && ticket) {
    const answer = await runCommand(shell, { ticketId, command: firing.command, by: { kind: 'clock' }, ...(firing.ask ? {} : { also: done }) })
    if (answer.ok && !firing.ask) return
  }
  const now = firing.command ? await ticketById(shell.db.read, shell.cipher, ticketId) : ticket
  if (firing.ask && now?.stage === 'replied') await askCitizen(shell, job, now, Number(job.payload['attempt']))
  else await shell.commit(done)
}

const firingOf = async (shell: Shell, timer: Timer, ticket: Ticket, madeAt: Instant): Promise<Firing> =>
  timer.kind === 'repeats' ? repeated(shell, ticket, timer.step) : fire(timer, ticket, shell.knowledge.current().office, madeAt)

/** Asks where the citizen reads news, first in the case's own conversation; from the second attempt on, or where there is no such place, a person phones. */
async function askCitizen(shell: Shell, job: Job, ticket: Ticket, attempt: number): Promise<void> {
  const at = shell.now()
  const place = attempt === 1 ? await shell.commit((sql) => conversationForNews(sql, shell, ticket)) : undefined
  const conversation = place === undefined ? undefined : await conversationById(shell.db.read, shell.cipher, place)
  if (!conversation || conversation.owner.kind === 'staff') {
    await shell.commit(async (sql) => {
      await askDesk(sql, ticket, `callback.${job.payload['round']}.${attempt}`, tasks.callCitizen(ticket.number, attempt), at)
      await finish(sql, job.id, at)
    })
    return
  }
  const { message, memory } = startSurvey(ticket, conversation.memory)
  const asked = changeBy(ticket, { type: 'survey' }, { kind: 'clock' }, at, shell.knowledge.current().office)
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
      if (asked.ok) await saveTicket(sql, shell.cipher, asked.change)
      return commitTurn(sql, shell.cipher, record)
    })
    announce(shell, turn, asked.ok ? [asked.change] : [])
  } catch (fault) {
    // The citizen is talking at this moment, or the case has moved on: asked again on both as they are then.
    if (!(fault instanceof StaleError)) throw fault
    const now = await ticketById(shell.db.read, shell.cipher, ticket.id)
    if (now?.stage === 'replied') await askCitizen(shell, job, now, attempt)
    else await shell.commit((sql) => finish(sql, job.id, at))
  }
}
