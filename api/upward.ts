import { isRestricted } from '../casework/access.ts'
import { unitName } from '../casework/case.ts'
import { linesOf } from '../casework/ledger.ts'
import { maskPhone } from '../casework/mask.ts'
import { labels, paragraphs, signs, titles } from '../texts/papers.ts'
import { about, matterOf, onDay, onMinute, type Paper, type Subject, seal } from './paper.ts'

/** 呈报件: what goes up to the city's leaders for a case of the third level, with room for their 批示. */
export function upward(subject: Subject): Paper {
  const { file, office } = subject
  const { ticket } = file
  const work = ticket.work ?? []
  const due = ticket.deadlines.findLast((one) => one.kind === 'resolution')?.dueAt
  const raised = linesOf(file, 'raised').at(-1)?.event.reason ?? linesOf(file, 'triaged').at(-1)?.event.reason ?? ''
  const steps = [...linesOf(file, 'contacted'), ...linesOf(file, 'progressed')].filter(
    ({ event }) => event.type === 'contacted' || !event.did || event.did.type === 'minuted',
  )
  const opinions = work.flatMap((one) => {
    if (one.type === 'opinion') return [`${unitName(one.unit, office)}：${one.text}`]
    return one.type === 'stated' ? [`${one.unit}：${one.text}`] : []
  })
  const instructions = work.flatMap((one) => (one.type === 'instructed' ? [`${one.by}（${onMinute(one.at)}）：${one.text}`] : []))
  const secret = isRestricted(ticket, office)
  return {
    title: titles.upward,
    head: office.policy.centre.name,
    number: ticket.number,
    to: paragraphs.upwardTo,
    intro: paragraphs.upward(matterOf(ticket)),
    form: [
      ...about(subject, true),
      [labels.phone, secret || !ticket.facts.phone ? paragraphs.hidden : maskPhone(ticket.facts.phone)],
      [labels.lead, unitName(ticket.lead, office)],
      [labels.supporting, ticket.supporting.map((unit) => unitName(unit, office)).join('、')],
      [labels.dueOn, due === undefined ? '' : onDay(due)],
    ],
    sections: [
      { title: labels.story, lines: [ticket.facts.story ?? ''] },
      { title: labels.why, lines: [raised] },
      { title: labels.done, lines: steps.map(({ event, at }) => `${onDay(at)}　${event.note}`) },
      { title: labels.opinions, lines: opinions },
      { title: labels.asks, lines: [paragraphs.upwardAsks] },
      { title: labels.instruction, lines: instructions, room: true },
    ],
    signs: signs.upward,
    seal: seal(subject),
  }
}
