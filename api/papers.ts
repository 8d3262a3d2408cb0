import { isRestricted } from '../casework/access.ts'
import { unitName } from '../casework/case.ts'
import type { Stamped } from '../casework/decision.ts'
import { evolve } from '../casework/evolve.ts'
import { type CaseFile, type Line, linesOf } from '../casework/ledger.ts'
import { maskPhone, maskText } from '../casework/mask.ts'
import { isOpen } from '../casework/stages.ts'
import type { Actor, Instant, Level, Ticket } from '../casework/ticket.ts'
import { citizenView } from '../casework/view.ts'
import { held, helps, meetings, orders } from '../casework/work.ts'
import { allowanceText, helpModes } from '../texts/casework.ts'
import { words as ledgerWords } from '../texts/ledgers.ts'
import { labels, type PaperName, paragraphs, signs, titles } from '../texts/papers.ts'
import { about, matterOf, onDay, onMinute, type Paper, type Subject, seal } from './paper.ts'
import { contents, guideSheet, handover, minutes, order, rating } from './sheets.ts'
import { upward } from './upward.ts'
import { nameOfActor } from './views.ts'

/** Of some papers a case has several, in the order of time: one for each assignment, order, meeting … */
type Maker = {
  readonly count: (subject: Subject) => number
  readonly make: (subject: Subject, place: number) => Paper
  readonly for?: (by: Actor) => boolean
}

const once = (fits: (subject: Subject) => boolean, make: (subject: Subject) => Paper): Maker => ({ count: (subject) => (fits(subject) ? 1 : 0), make })

const each = <T>(of: (subject: Subject) => readonly T[], make: (subject: Subject, one: T) => Paper): Maker => ({
  count: (subject) => of(subject).length,
  make: (subject, place) => {
    const one = of(subject)[place]
    if (one === undefined) throw new Error(`no paper ${place} on ${subject.file.ticket.id}`)
    return make(subject, one)
  },
})

const isDiscipline = (by: Actor): boolean => by.kind === 'staff' && by.roles.some((role) => role === 'director' || role === 'discipline')
const ofTier = (tier: Level) => (subject: Subject) => held(subject.file.ticket).filter((one) => one.tier === tier)

const makers: Readonly<Record<PaperName, Maker>> = {
  receipt: once(() => true, receipt),
  guide: once(({ guide }) => guide !== undefined, guideSheet),
  assignment: each(({ file }) => linesOf(file, 'assigned'), assignment),
  order: each(({ file }) => orders(file.ticket).filter((one) => one.kind === 'order'), order),
  extension: each(({ file }) => extensions(file), extension),
  declined: once(({ file }) => file.ticket.stage === 'declined', declined),
  impossible: once(({ file: { ticket } }) => ticket.resolution?.result === 'lawfullyImpossible' && ticket.resolution.checkedBy !== undefined, impossible),
  minutes: each(({ file }) => meetings(file.ticket), minutes),
  mandate: once(({ file }) => isOpen(file.ticket.stage) || helps(file.ticket).length > 0, mandate),
  handover: once(({ file }) => isOpen(file.ticket.stage) || helps(file.ticket).length > 0, handover),
  rating: once(({ file }) => file.ticket.reply !== undefined, rating),
  summons: each(ofTier(2), summons),
  referral: { ...each(ofTier(3), referral), for: isDiscipline },
  upward: once(({ file: { ticket } }) => ticket.level === 3 && ticket.stage !== 'merged', upward),
  contents: once(({ file }) => ['closed', 'archived'].includes(file.ticket.stage), contents),
}

const countFor = (maker: Maker, subject: Subject, by: Actor): number => ((maker.for?.(by) ?? true) ? maker.count(subject) : 0)

/** The papers that this case has a reason for, as far as this person may print them. */
export const papersFor = (subject: Subject, by: Actor): { name: string; title: string }[] =>
  Object.entries(makers).flatMap(([name, maker]) => {
    const title = titles[name as PaperName]
    const count = countFor(maker, subject, by)
    if (count === 1) return [{ name, title }]
    return Array.from({ length: count }, (_, place) => ({ name: `${name}-${place + 1}`, title: paragraphs.oneOf(title, place + 1) }))
  })

/** `name`, or `name-2` for the second of several; without a number the last. Undefined when there is no such paper for this case and this person. */
export function makePaper(name: string, subject: Subject, by: Actor): Paper | undefined {
  const [, kind, serial] = /^([a-z]+)(?:-([1-9]\d?))?$/.exec(name) ?? []
  const maker = Object.entries(makers).find(([one]) => one === kind)?.[1]
  const count = maker ? countFor(maker, subject, by) : 0
  const place = serial === undefined ? count : Number(serial)
  return maker && place >= 1 && place <= count ? maker.make(subject, place - 1) : undefined
}

export function receipt(subject: Subject): Paper {
  const { file, office, now, origin, code } = subject
  const { facts, number, channel, lead, proposal } = file.ticket
  const view = citizenView(file.ticket, now, office)
  const registered = linesOf(file, 'registered')[0]
  const unit = unitName(lead ?? proposal.departments[0], office)
  const [named, ...rest] = about(subject)
  return {
    title: titles.receipt,
    intro: paragraphs.receipt(office.policy.centre.city),
    form: [
      ...(named ? [named] : []),
      [labels.code, code || paragraphs.codeGone],
      ...rest,
      [labels.channel, ledgerWords.channels[channel] ?? channel],
      [labels.phone, facts.phone ? maskPhone(facts.phone) : paragraphs.untold],
      ...(unit ? [[lead ? labels.lead : labels.proposed, unit] as const] : []),
      [labels.dueOn, view.dueAt === undefined ? paragraphs.dueLater : onDay(view.dueAt)],
      [labels.next, view.next],
      ...(registered ? [[labels.clerk, nameOfActor(registered.by)] as const] : []),
    ],
    closing: [paragraphs.query(`${origin}/progress`)],
    signs: signs.receipt,
    seal: seal(subject),
    qr: { address: `${origin}/progress?number=${number}`, words: paragraphs.qr },
  }
}

function assignment(subject: Subject, assigned: Line<'assigned'>): Paper {
  const { file, office } = subject
  const { ticket } = file
  const { facts } = ticket
  const next = linesOf(file, 'assigned').find((line) => line.at > assigned.at)
  const until = next?.at ?? Number.MAX_SAFE_INTEGER
  const accepted = linesOf(file, 'accepted').find((line) => line.at >= assigned.at && line.at < until)
  const due = duesOf(file).findLast((one) => one.at < until)?.dueAt
  const secret = isRestricted(ticket, office)
  const { level, supporting, help, plan } = asOf(file, assigned)
  return {
    title: titles.assignment,
    head: office.policy.centre.name,
    number: ticket.number,
    to: unitName(assigned.event.lead, office),
    intro: `${paragraphs.assignment}${secret ? paragraphs.confidential : ''}`,
    form: [
      ...about(subject, true),
      [labels.phone, secret ? paragraphs.hidden : (facts.phone ?? paragraphs.untold)],
      [labels.story, facts.story ?? ''],
      [labels.told, facts.told ?? ''],
      [labels.visits, facts.visits === undefined ? '' : paragraphs.times(facts.visits)],
      [labels.level, office.policy.levels[level]],
      [labels.supporting, supporting.map((unit) => unitName(unit, office)).join('、')],
      [labels.assignedAt, onMinute(assigned.at)],
      [labels.demand, assigned.event.note],
      ...(help ? [[labels.help, helpModes[help]] as const] : []),
      ...(plan ? [[labels.plan, maskText(plan)] as const] : []),
      [labels.dueOn, due === undefined ? '' : onDay(due)],
      [labels.accepted, accepted ? `${accepted.event.by} ${onMinute(accepted.at)}` : ''],
    ],
    signs: signs.assignment,
    seal: seal(subject),
  }
}

/** The case as it stood after that line of its journal. */
const asOf = ({ ticket, journal }: CaseFile, line: Stamped): Ticket =>
  journal.slice(0, journal.indexOf(line) + 1).reduce<Ticket | undefined>(evolve, undefined) ?? ticket

/** When the case was due to be resolved, as it was set and moved. */
const duesOf = ({ journal }: CaseFile): { readonly at: Instant; readonly dueAt: Instant }[] =>
  journal.flatMap(({ event, at }) => {
    if (event.type === 'clockStarted' && event.deadline.kind === 'resolution') return [{ at, dueAt: event.deadline.dueAt }]
    return event.type === 'clockMoved' && event.deadline === 'resolution' ? [{ at, dueAt: event.dueAt }] : []
  })

type Held = ReturnType<typeof held>[number]

type Extension = {
  readonly asked?: string
  readonly reason: string
  readonly askedBy?: string
  readonly decided?: { readonly approved: boolean; readonly note: string; readonly by: string; readonly at: Instant }
}

/** What was asked for and decided, and what a leader granted without being asked. */
function extensions(file: CaseFile): Extension[] {
  const work = file.ticket.work ?? []
  const requests = work.flatMap((one) => {
    if (one.type !== 'asked' || one.ask !== 'extend') return []
    const answer = work.find((other) => other.type === 'answered' && other.id === one.id)
    const extension: Extension = {
      asked: one.allowance ? allowanceText(one.allowance) : '',
      reason: one.reason,
      askedBy: `${one.by} ${onMinute(one.at)}`,
      ...(answer?.type === 'answered' && { decided: answer }),
    }
    return [{ at: one.at, extension }]
  })
  const granted = linesOf(file, 'extended').flatMap(({ event, by, at }) => {
    if (requests.some(({ extension }) => extension.decided?.at === at)) return []
    return [{ at, extension: { reason: event.reason, decided: { approved: true, note: paragraphs.unasked, by: nameOfActor(by), at } } }]
  })
  return [...requests, ...granted].sort((a, b) => a.at - b.at).map((one) => one.extension)
}

function extension(subject: Subject, { asked = '', reason, askedBy = '', decided }: Extension): Paper {
  const { file, office } = subject
  const dues = duesOf(file)
  const place = decided?.approved ? dues.findLastIndex((one) => one.at === decided.at) : -1
  const former = place < 0 ? dues.findLast((one) => decided === undefined || one.at <= decided.at) : dues[place - 1]
  const opinion = decided
    ? `${decided.approved ? paragraphs.approved : paragraphs.refused}：${decided.note}（${decided.by} ${onMinute(decided.at)}）`
    : paragraphs.waiting
  const dueOn = (due: { dueAt: Instant } | undefined) => (due === undefined ? '' : onDay(due.dueAt))
  return {
    title: titles.extension,
    intro: '',
    form: [
      ...about(subject),
      [labels.lead, unitName(file.ticket.lead, office)],
      [labels.formerDue, dueOn(former)],
      [labels.asked, asked],
      [labels.reason, reason],
      [labels.askedBy, askedBy],
      [labels.opinion, opinion],
      [labels.newDue, place < 0 ? '' : dueOn(dues[place])],
    ],
    signs: signs.extension,
    seal: seal(subject),
  }
}

function declined(subject: Subject): Paper {
  const line = linesOf(subject.file, 'declined').at(-1)
  return {
    title: titles.declined,
    intro: paragraphs.declined,
    form: [...about(subject), [labels.reason, line?.event.reason ?? ''], [labels.door, line?.event.door ?? '']],
    closing: [paragraphs.declinedWays],
    signs: signs.served,
    seal: seal(subject),
  }
}

function impossible(subject: Subject): Paper {
  const { ticket } = subject.file
  const resolved = linesOf(subject.file, 'resolved').at(-1)
  const released = linesOf(subject.file, 'checked').findLast(({ event }) => event.approved)
  return {
    title: titles.impossible,
    intro: paragraphs.impossible,
    form: [
      ...about(subject),
      [labels.lead, unitName(ticket.lead, subject.office)],
      [labels.outcome, ticket.resolution?.text ?? ''],
      [labels.basis, ticket.resolution?.basis ?? ticket.reply?.basis ?? ''],
      [labels.resolvedBy, resolved ? whoAndWhen(resolved) : ''],
      [labels.releasedBy, released ? whoAndWhen(released) : ''],
    ],
    closing: [paragraphs.impossibleWays],
    signs: signs.impossible,
    seal: seal(subject),
  }
}

const whoAndWhen = ({ by, at }: Stamped): string => `${nameOfActor(by)} ${onMinute(at)}`

function mandate(subject: Subject): Paper {
  const { ticket } = subject.file
  const help = helps(ticket).findLast((one) => one.mode === 'act') ?? helps(ticket).at(-1)
  return {
    title: titles.mandate,
    ...(help?.mandate === undefined ? {} : { number: help.mandate }),
    intro: paragraphs.mandate(ticket.facts.name ?? paragraphs.blank, help?.helper ?? paragraphs.blank, matterOf(ticket)),
    form: [
      [labels.number, ticket.number],
      [labels.helper, help ? `${help.helper} ${help.phone}` : ''],
      [labels.scope, paragraphs.mandateScope],
    ],
    closing: [paragraphs.mandateTerm],
    signs: signs.mandate,
  }
}

function summons(subject: Subject, record: Held): Paper {
  return {
    title: titles.summons,
    head: subject.office.policy.centre.name,
    to: unitName(record.unit, subject.office),
    intro: paragraphs.summons,
    form: [
      [labels.number, subject.file.ticket.number],
      [labels.person, record.person ?? ''],
      [labels.evidence, record.evidence ?? ''],
      [labels.outcomeOf, record.outcome ?? ''],
    ],
    closing: [paragraphs.summonsWhen],
    signs: signs.summons,
    seal: seal(subject),
  }
}

function referral(subject: Subject, record: Held): Paper {
  return {
    title: titles.referral,
    head: subject.office.policy.centre.name,
    to: paragraphs.referralTo,
    intro: paragraphs.referral,
    form: [
      [labels.number, subject.file.ticket.number],
      [labels.unit, unitName(record.unit, subject.office)],
      [labels.person, record.person ?? ''],
      [labels.story, subject.file.ticket.facts.story ?? ''],
      [labels.evidence, record.evidence ?? ''],
      [labels.outcomeOf, record.outcome ?? ''],
    ],
    signs: signs.referral,
    seal: seal(subject),
  }
}
