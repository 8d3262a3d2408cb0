// npm run chat: the same conversation as on the website, in a terminal, on the configured database.
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline/promises'
import { readConfig } from '../api/config.ts'
import { createDesk } from '../api/desk.ts'
import { openShell } from '../api/start.ts'
import type { StoredMessage } from '../prisma/conversations.ts'
import { personIdOf } from '../prisma/conversations.ts'
import { terminal as words } from '../texts/api.ts'

const { shell, close } = await openShell(readConfig({ LOG_LEVEL: 'error', ...process.env }))
const desk = createDesk(shell)
const visitor = `terminal-${randomUUID()}`
const prompt = createInterface({ input: process.stdin, output: process.stdout })

function show({ author, body }: StoredMessage): void {
  if (author === 'citizen' || !('message' in body)) return
  const { text, card, choices } = body.message
  const lines = [
    text,
    ...(card ? [`【${card.title}】`, ...card.sections.flatMap(({ heading, lines }) => [`${heading}：`, ...lines.map((line) => `  ${line}`)]), card.note] : []),
  ]
  const numbered = (choices ?? []).map((choice, index) => `  ${index + 1}. ${choice.text}`)
  process.stdout.write(`${words.speaker(body.name)}${[...lines, ...numbered].join('\n')}\n`)
}

shell.chats.listen(personIdOf('web', visitor), ({ messages }) => messages.forEach(show))
process.stdout.write(`${words.welcome}\n`)
prompt.setPrompt(words.prompt)
prompt.prompt()
for await (const typed of prompt) {
  const text = typed.trim()
  if (text === words.leave) break
  if (text)
    await desk.receive({
      externalId: `${visitor}:${randomUUID()}`,
      sender: { channel: 'web', id: visitor },
      content: { kind: 'text', text },
      sentAt: shell.now(),
    })
  prompt.prompt()
}
prompt.close()
await close()
