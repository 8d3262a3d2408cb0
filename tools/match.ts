import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGuideIndex, createUnderstanding } from '../nlp/engine.ts'
import { loadSeedDepartments, loadSeedGuides } from '../prisma/seed/guides.ts'

/** `npm run -s match -- FILE.jsonl`: what the engine makes of each {"id","text"}, one JSON line each, on the guides of the seed. */
const [file] = process.argv.slice(2)
if (!file) throw new Error('usage: npm run -s match -- FILE.jsonl')

const understand = createUnderstanding({ departments: loadSeedDepartments(), districts: [] })
const index = createGuideIndex(loadSeedGuides())
const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)

for await (const line of createInterface({ input: createReadStream(file) })) {
  if (line.trim() === '') continue
  const { id, text }: { id: string; text: string } = JSON.parse(line)
  const { intents, aspect, urgency } = understand(text, { today })
  const { guides, decision } = index.match(text)
  const intent = intents[0]
  process.stdout.write(`${JSON.stringify({ id, intent: intent?.name, confidence: intent?.confidence, aspect: aspect ?? null, urgency, guides, decision })}\n`)
}
