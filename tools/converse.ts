// npm run -s converse -- FILE.jsonl: plays each line's conversation through the real path on a fresh seeded database.
//   in   {"id", "turns": [{"user"}], "now"?: ISO date-time or milliseconds}
//   out  {"id", "turns": [{"user", "bot", "intent", "outcome", "guides"}], "outcome", "guide", "ticket", "handoff"}
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { createDesk } from '../api/desk.ts'
import { chatMessage } from '../api/views.ts'
import { conversationById, messagesAfter, personIdOf } from '../prisma/conversations.ts'
import { ticketsOfConversation } from '../prisma/tickets.ts'
import { openTemporary } from './temporary.ts'

const line = z.object({
  id: z.union([z.string(), z.number()]),
  turns: z.array(z.object({ user: z.string() })).min(1),
  now: z.union([z.string(), z.number()]).optional(),
})

/** A Wednesday that is a working day, 10:00 in Shanghai. */
const usualNow = Date.parse('2026-06-10T10:00:00+08:00')
/** What a citizen takes to read and type. */
const betweenTurnsMs = 20_000

let clock = usualNow
const { shell, close } = await openTemporary(() => clock)
const desk = createDesk(shell)

async function play({ id, turns, now }: z.output<typeof line>, place: number) {
  clock = now === undefined ? usualNow : typeof now === 'number' ? now : Date.parse(now)
  const visitor = `converse-${place}`
  const played = []
  let conversationId = ''
  for (const [index, { user }] of turns.entries()) {
    const received = await desk.receive({
      externalId: `${visitor}:${index}`,
      sender: { channel: 'web', id: visitor },
      content: { kind: 'text', text: user },
      sentAt: clock,
    })
    conversationId = received.conversationId
    const said = await messagesAfter(shell.db.read, shell.cipher, conversationId, received.seq, 20)
    played.push({
      user,
      bot: said.map((message) => chatMessage(message).text),
      intent: received.turn?.intent,
      outcome: received.turn?.outcome,
      guides: received.turn?.guides ?? [],
    })
    clock += betweenTurnsMs
  }
  desk.forget(personIdOf('web', visitor))
  const conversation = await conversationById(shell.db.read, shell.cipher, conversationId)
  const [ticket] = await ticketsOfConversation(shell.db.read, shell.cipher, conversationId)
  return {
    id,
    turns: played,
    outcome: played.at(-1)?.outcome,
    guide: played.findLast((turn) => turn.outcome === 'guide')?.guides[0] ?? null,
    ticket: ticket
      ? {
          ...ticket,
          departments: ticket.lead ? [ticket.lead, ...ticket.supporting] : ticket.proposal.departments,
          category: ticket.category ?? ticket.proposal.category ?? null,
          cause: ticket.cause ?? ticket.proposal.cause ?? null,
        }
      : null,
    handoff: conversation?.queuedAt !== undefined || conversation?.owner.kind === 'staff',
  }
}

const file = process.argv[2]
if (!file) throw new Error('usage: npm run -s converse -- FILE.jsonl')
const lines = readFileSync(file, 'utf8')
  .split('\n')
  .filter((text) => text.trim())
for (const [place, text] of lines.entries()) process.stdout.write(`${JSON.stringify(await play(line.parse(JSON.parse(text)), place))}\n`)
await close()
