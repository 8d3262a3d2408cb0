import type { TicketRow, TicketView } from '../../api/contract.ts'

type CommandType = TicketView['offers'][number]['type']

/** What carries the case forward or waits for this person's answer stands first; what is done now and then is folded away by kind. */
export const groups: readonly { readonly name: 'next' | 'joint' | 'supervision' | 'change'; readonly commands: readonly CommandType[] }[] = [
  {
    name: 'next',
    commands: [
      'triage',
      'assign',
      'accept',
      'contact',
      'resolve',
      'check',
      'reply',
      'callback',
      'archive',
      'resume',
      'recount',
      'arrive',
      'progress',
      'opine',
      'answer',
      'attend',
      'finish',
      'signOrder',
      'answerOrder',
      'verifyOrder',
      'decideAppeal',
    ],
  },
  { name: 'joint', commands: ['help', 'convene', 'minute', 'task'] },
  { name: 'supervision', commands: ['instruct', 'order', 'hold', 'appeal'] },
  { name: 'change', commands: [] },
]

/** Offers by group, in the order of the group; a command that no group names is a change of the case. */
export function grouped(offers: TicketView['offers']): { readonly name: (typeof groups)[number]['name']; readonly offers: TicketView['offers'] }[] {
  const placed = groups.flatMap(({ commands }) => commands)
  return groups.map(({ name, commands }) => ({
    name,
    offers:
      name === 'change'
        ? offers.filter(({ type }) => !placed.includes(type))
        : commands.flatMap((command) => offers.find(({ type }) => type === command) ?? []),
  }))
}

const seven: Readonly<Partial<Record<TicketRow['stage'], number>>> = {
  registered: 1,
  triaged: 2,
  assigned: 3,
  accepted: 3,
  handling: 4,
  resolved: 4,
  replied: 5,
  closed: 6,
  archived: 7,
}

/** Which of the office's seven stages; undefined for the places aside. */
export const sevenOf = (stage: TicketRow['stage']): number | undefined => seven[stage]
