import { unitName } from '../casework/case.ts'
import type { TicketEvent } from '../casework/decision.ts'
import { answeredOrder, helps, type meetings, type orders, papersBack, papersTaken, signedOrder, verifiedOrder, type Work } from '../casework/work.ts'
import { orderTitles, ratingTitles, solvedTitles } from '../texts/casework.ts'
import { words } from '../texts/ledgers.ts'
import { columns, labels, longDate, paragraphs, records, signs, titles } from '../texts/papers.ts'
import { about, onDay, onMinute, type Paper, type Subject, seal } from './paper.ts'
import { nameOfActor } from './views.ts'

// The papers with tables and choices.

export function order(subject: Subject, one: ReturnType<typeof orders>[number]): Paper {
  const { file, office } = subject
  const { ticket } = file
  const signed = signedOrder(ticket, one.id)
  const verified = verifiedOrder(ticket, one.id)
  const answerBy = ticket.deadlines.find((clock) => clock.kind === 'order' && clock.ref === one.id)?.dueAt
  const due = ticket.deadlines.findLast((clock) => clock.kind === 'resolution' && clock.startedAt <= one.at)?.dueAt
  const instruction = ticket.work?.findLast((line) => line.type === 'instructed')
  return {
    title: titles.order,
    head: office.policy.centre.name,
    number: one.number,
    to: unitName(one.unit, office),
    intro: paragraphs.order,
    form: [
      [labels.urgency, ticket.urgent ? words.urgent : words.usual],
      ...about(subject, true),
      [labels.dueOn, due === undefined ? '' : onDay(due)],
      [labels.cause, one.cause],
      [labels.orderDemand, one.demand],
      [labels.answerBy, answerBy === undefined ? '' : onDay(answerBy)],
      [labels.copyTo, one.copyTo ?? ''],
      [labels.issuer, `${one.by} ${onMinute(one.at)}`],
      [labels.accepted, signed ? `${signed.by} ${onMinute(signed.at)}` : ''],
      [labels.answer, answeredOrder(ticket, one.id)?.text ?? ''],
      [labels.verification, verified ? `${verified.approved ? words.passed : words.failed}：${verified.note}` : ''],
      [labels.instruction, instruction?.type === 'instructed' ? instruction.text : ''],
    ],
    signs: signs.order,
    seal: seal(subject),
  }
}

/** 一次性告知单, from the same guide that the assistant answers from. */
export function guideSheet({ guide, office, file }: Subject): Paper {
  if (!guide) throw new Error(`no guide for ${file.ticket.id}`)
  const { materials, steps, pitfalls, basis, time } = guide
  const optional: readonly (readonly [string, string | undefined])[] = [
    [labels.time, [time.legal, time.promised].filter(Boolean).join('；') || undefined],
    [labels.amount, guide.amount],
    [labels.online, guide.online],
    [labels.confirm, guide.confirm.join('、') || undefined],
  ]
  return {
    title: titles.guide,
    head: office.policy.centre.name,
    intro: paragraphs.guide(guide.title),
    form: [
      [labels.who, guide.who],
      [labels.lead, unitName(guide.department, office)],
      [labels.where, guide.where],
      [labels.fee, guide.fee],
      [labels.proxy, guide.proxy],
      ...optional.flatMap(([label, value]): [string, string][] => (value === undefined ? [] : [[label, value]])),
      [labels.basis, basis.map((one) => `《${one.title}》${one.article ?? ''}`).join('；')],
    ],
    sections: [
      {
        title: paragraphs.materials,
        table: {
          columns: columns.materials,
          rows: materials.map((one, index) => [String(index + 1), one.name, one.copies ?? '', one.issuer ?? '', one.note ?? '']),
        },
      },
      { title: paragraphs.steps, lines: steps.map((step, index) => `${index + 1}. ${step}`) },
      { title: paragraphs.pitfalls, lines: pitfalls.map((one, index) => `${index + 1}. ${one.reason}：${one.remedy}`) },
    ],
    closing: [paragraphs.guideVersion(longDate(guide.reviewedOn))],
    signs: signs.guide,
  }
}

export function minutes(subject: Subject, { called: meeting, minuted: note }: ReturnType<typeof meetings>[number]): Paper {
  const { file, office } = subject
  const work = file.ticket.work ?? []
  const came = work.flatMap((one) => (one.type === 'attended' && one.meeting === meeting.id ? [`${unitName(one.unit, office)} ${one.name}`] : []))
  const tasks = work.flatMap((one) => (one.type === 'tasked' && one.meeting === meeting.id ? [one] : []))
  const doneOf = (id: string) => work.find((one) => one.type === 'taskDone' && one.id === id)
  const dueOf = (id: string) => file.ticket.deadlines.find((clock) => clock.kind === 'task' && clock.ref === id)?.dueAt
  return {
    title: titles.minutes,
    head: office.policy.centre.name,
    number: file.ticket.number,
    intro: '',
    form: [
      [labels.meetingTime, meeting.when],
      [labels.meetingPlace, meeting.place],
      [labels.agenda, meeting.agenda],
      [labels.attendees, came.join('\n') || meeting.units.map((unit) => unitName(unit, office)).join('、')],
      [labels.resolutions, note.text],
    ],
    sections: [
      {
        title: labels.resolutions,
        table: {
          columns: columns.tasks,
          rows: tasks.map(({ id, text, unit }, index) => {
            const [done, due] = [doneOf(id), dueOf(id)]
            return [
              String(index + 1),
              text,
              unitName(unit, office),
              due === undefined ? '' : onDay(due),
              done?.type === 'taskDone' ? `${paragraphs.done}：${done.note}` : paragraphs.open,
            ]
          }),
        },
      },
    ],
    signs: signs.minutes,
    seal: { ...seal(subject), on: onDay(note.at) },
  }
}

/** Lines to fill in by hand below those that are known. */
const emptyLines = 6

const split = (items: string): string[] =>
  items
    .split(/[、，,;；\n]/)
    .map((one) => one.trim())
    .filter(Boolean)

export function handover(subject: Subject): Paper {
  const { ticket } = subject.file
  const listed = helps(ticket).flatMap((one) => split(one.papers ?? '').map((name) => [name, '', '', onDay(one.at), '']))
  const signed = papersTaken(ticket).flatMap((one) => {
    const back = papersBack(ticket, one.id)
    const returned = back ? `${onDay(back.at)} ${back.to}` : ''
    return split(one.items).map((name) => [name, '', '', `${onDay(one.at)} ${one.from}`, returned])
  })
  const rows = [...listed, ...signed].map((cells, index) => [String(index + 1), ...cells])
  return {
    title: titles.handover,
    intro: paragraphs.handover,
    form: about(subject),
    sections: [
      { title: '', table: { columns: columns.handover, rows: [...rows, ...Array.from({ length: emptyLines }, () => columns.handover.map(() => '　'))] } },
    ],
    signs: signs.handover,
  }
}

/** In large letters, for whoever fills it in by hand. */
export function rating(subject: Subject): Paper {
  const { contacted, solved, rating: rate, reasons, comment } = paragraphs.ratingQuestions
  return {
    title: titles.rating,
    large: true,
    intro: paragraphs.rating,
    form: [[labels.number, subject.file.ticket.number]],
    sections: [
      { title: contacted, choices: [paragraphs.yes, paragraphs.no] },
      { title: solved, choices: Object.values(solvedTitles) },
      { title: rate, choices: Object.values(ratingTitles).reverse() },
      { title: reasons, choices: paragraphs.ratingReasons },
      { title: comment, room: true },
    ],
    signs: signs.rating,
  }
}

/** What a line of the journal is in the bundle; a line of daily work goes into one record with the others. */
function recordOf(event: TicketEvent): string | undefined {
  switch (event.type) {
    case 'registered':
      return titles.receipt
    case 'assigned':
      return titles.assignment
    case 'extended':
      return titles.extension
    case 'triaged':
    case 'resolved':
    case 'checked':
    case 'replied':
    case 'calledBack':
    case 'archived':
      return records[event.type]
    case 'progressed':
      return (event.did && paperOf(event.did)) ?? records.progressed
    default:
      return undefined
  }
}

/** A letter to the discipline office is kept apart. */
function paperOf(work: Work): string | undefined {
  switch (work.type) {
    case 'ordered':
      return orderTitles[work.kind]
    case 'minuted':
      return titles.minutes
    case 'papersTaken':
      return titles.handover
    case 'helped':
      return work.mandate === undefined ? undefined : titles.mandate
    case 'held':
      return work.tier === 2 ? titles.summons : undefined
    default:
      return undefined
  }
}

/** 卷内目录: what the bundle holds in the order in which it came to be, each with its lines of the journal; pages are counted when it is bound. */
export function contents(subject: Subject): Paper {
  const { file } = subject
  const lines = file.journal.flatMap(({ event, by, at }, index) => {
    const name = recordOf(event)
    return name === undefined ? [] : [{ name, who: nameOfActor(by), on: onDay(at), line: index + 1 }]
  })
  const isDaily = ({ name }: { readonly name: string }) => name === records.progressed
  const lastDaily = lines.findLast(isDaily)?.line
  const found = lines
    .filter((one) => !isDaily(one) || one === lines.find(isDaily))
    .map((one) => [one.name, one.who, one.on, paragraphs.lines(one.line, (isDaily(one) && lastDaily) || one.line)])
  return {
    title: titles.contents,
    number: file.ticket.number,
    intro: paragraphs.contents,
    form: about(subject),
    sections: [
      {
        title: '',
        table: {
          columns: columns.contents,
          rows: found.map(([name = '', who = '', on = '', place = ''], index) => [String(index + 1), name, who, on, '', place]),
        },
      },
    ],
    closing: [`${paragraphs.fonds}${subject.headHash}`],
    signs: signs.contents,
  }
}
