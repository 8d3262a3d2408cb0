import { isRestricted } from '../casework/access.ts'
import { unitName } from '../casework/case.ts'
import type { Stamped } from '../casework/decision.ts'
import { type CaseFile, linesOf } from '../casework/ledger.ts'
import { maskPhone } from '../casework/mask.ts'
import { isOpen } from '../casework/stages.ts'
import type { Actor } from '../casework/ticket.ts'
import { citizenView } from '../casework/view.ts'
import { held, helps, orders } from '../casework/work.ts'
import { allowanceText } from '../texts/casework.ts'
import { words as ledgerWords } from '../texts/ledgers.ts'
import { labels, type PaperName, paragraphs, signs, titles } from '../texts/papers.ts'
import { about, matterOf, onDay, onMinute, type Paper, type Subject, seal } from './paper.ts'
import { contents, guideSheet, handover, minutes, order, rating } from './sheets.ts'
import { upward } from './upward.ts'
import { nameOfActor } from './views.ts'

type Maker = { readonly fits: (subject: Subject) => boolean; readonly make: (subject: Subject) => Paper; readonly for?: (by: Actor) => boolean }

const isDiscipline = (by: Actor): boolean => by.kind === 'staff' && by.roles.some((role) => role === 'director' || role === 'discipline')

const makers: Readonly<Record<PaperName, Maker>> = {
  receipt: { fits: () => true, make: receipt },
  guide: { fits: ({ guide }) => guide !== undefined, make: guideSheet },
  assignment: { fits: ({ file }) => linesOf(file, 'assigned').length > 0, make: assignment },
  order: { fits: ({ file }) => orders(file.ticket).some((one) => one.kind === 'order'), make: order },
  extension: { fits: ({ file }) => requested(file) !== undefined, make: extension },
  declined: { fits: ({ file }) => file.ticket.stage === 'declined', make: declined },
  impossible: {
    fits: ({ file: { ticket } }) => ticket.resolution?.result === 'lawfullyImpossible' && ticket.resolution.checkedBy !== undefined,
    make: impossible,
  },
  minutes: { fits: ({ file }) => file.ticket.work?.some((one) => one.type === 'minuted') === true, make: minutes },
  mandate: { fits: ({ file }) => isOpen(file.ticket.stage) || helps(file.ticket).length > 0, make: mandate },
  handover: { fits: ({ file }) => isOpen(file.ticket.stage) || helps(file.ticket).length > 0, make: handover },
  rating: { fits: ({ file }) => file.ticket.reply !== undefined, make: rating },
  summons: { fits: ({ file }) => held(file.ticket).some((one) => one.tier === 2), make: summons },
  referral: { fits: ({ file }) => held(file.ticket).some((one) => one.tier === 3), make: referral, for: isDiscipline },
  upward: { fits: ({ file: { ticket } }) => ticket.level === 3 && ticket.stage !== 'merged', make: upward },
  contents: { fits: ({ file }) => ['closed', 'archived'].includes(file.ticket.stage), make: contents },
}

const mayPrint = (maker: Maker, subject: Subject, by: Actor): boolean => maker.fits(subject) && (maker.for?.(by) ?? true)

/** The papers that this case has a reason for, as far as this person may print them. */
export const papersFor = (subject: Subject, by: Actor): { name: string; title: string }[] =>
  Object.entries(makers).flatMap(([name, maker]) => (mayPrint(maker, subject, by) ? [{ name, title: titles[name as PaperName] }] : []))

/** Undefined when there is no such paper for this case and this person. */
export function makePaper(name: string, subject: Subject, by: Actor): Paper | undefined {
  const maker = Object.entries(makers).find(([one]) => one === name)?.[1]
  return maker && mayPrint(maker, subject, by) ? maker.make(subject) : undefined
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

function assignment(subject: Subject): Paper {
  const { file, office } = subject
  const { ticket } = file
  const { facts } = ticket
  const assigned = linesOf(file, 'assigned').at(-1)
  const accepted = linesOf(file, 'accepted').at(-1)
  const due = ticket.deadlines.findLast((one) => one.kind === 'resolution')?.dueAt
  const secret = isRestricted(ticket, office)
  return {
    title: titles.assignment,
    head: office.policy.centre.name,
    number: ticket.number,
    to: unitName(ticket.lead, office),
    intro: `${paragraphs.assignment}${secret ? paragraphs.confidential : ''}`,
    form: [
      ...about(subject, true),
      [labels.phone, secret ? paragraphs.hidden : (facts.phone ?? paragraphs.untold)],
      [labels.story, facts.story ?? ''],
      [labels.told, facts.told ?? ''],
      [labels.visits, facts.visits === undefined ? '' : paragraphs.times(facts.visits)],
      [labels.level, office.policy.levels[ticket.level]],
      [labels.supporting, ticket.supporting.map((unit) => unitName(unit, office)).join('、')],
      [labels.assignedAt, assigned ? onMinute(assigned.at) : ''],
      [labels.demand, assigned?.event.note ?? ''],
      [labels.dueOn, due === undefined ? '' : onDay(due)],
      [labels.accepted, accepted ? `${accepted.event.by} ${onMinute(accepted.at)}` : ''],
    ],
    signs: signs.assignment,
    seal: seal(subject),
  }
}

function requested({ ticket: { work = [] } }: CaseFile) {
  return work.flatMap((one) => (one.type === 'asked' && one.ask === 'extend' ? [one] : [])).at(-1)
}

function extension(subject: Subject): Paper {
  const { file, office } = subject
  const asked = requested(file)
  const answer = file.ticket.work?.find((one) => one.type === 'answered' && one.id === asked?.id)
  const decided = answer?.type === 'answered' ? answer : undefined
  const due = file.ticket.deadlines.findLast((one) => one.kind === 'resolution')?.dueAt
  const moves = linesOf(file, 'clockMoved').filter((line) => line.event.deadline === 'resolution' && line.at === decided?.at)
  const started = linesOf(file, 'clockStarted').findLast((line) => line.event.deadline.kind === 'resolution')?.event.deadline.dueAt
  const former = moves.length > 0 ? started : due
  const opinion = decided
    ? `${decided.approved ? paragraphs.approved : paragraphs.refused}：${decided.note}（${decided.by} ${onMinute(decided.at)}）`
    : paragraphs.waiting
  return {
    title: titles.extension,
    intro: '',
    form: [
      ...about(subject),
      [labels.lead, unitName(file.ticket.lead, office)],
      [labels.formerDue, former === undefined ? '' : onDay(former)],
      [labels.asked, asked?.allowance ? allowanceText(asked.allowance) : ''],
      [labels.reason, asked?.reason ?? ''],
      [labels.askedBy, asked ? `${asked.by} ${onMinute(asked.at)}` : ''],
      [labels.opinion, opinion],
      [labels.newDue, moves[0] ? onDay(moves[0].event.dueAt) : ''],
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

function summons(subject: Subject): Paper {
  const record = held(subject.file.ticket).findLast((one) => one.tier === 2)
  return {
    title: titles.summons,
    head: subject.office.policy.centre.name,
    to: unitName(record?.unit, subject.office),
    intro: paragraphs.summons,
    form: [
      [labels.number, subject.file.ticket.number],
      [labels.person, record?.person ?? ''],
      [labels.evidence, record?.evidence ?? ''],
      [labels.outcomeOf, record?.outcome ?? ''],
    ],
    closing: [paragraphs.summonsWhen],
    signs: signs.summons,
    seal: seal(subject),
  }
}

function referral(subject: Subject): Paper {
  const record = held(subject.file.ticket).findLast((one) => one.tier === 3)
  return {
    title: titles.referral,
    head: subject.office.policy.centre.name,
    to: paragraphs.referralTo,
    intro: paragraphs.referral,
    form: [
      [labels.number, subject.file.ticket.number],
      [labels.unit, unitName(record?.unit, subject.office)],
      [labels.person, record?.person ?? ''],
      [labels.story, subject.file.ticket.facts.story ?? ''],
      [labels.evidence, record?.evidence ?? ''],
      [labels.outcomeOf, record?.outcome ?? ''],
    ],
    signs: signs.referral,
    seal: seal(subject),
  }
}
