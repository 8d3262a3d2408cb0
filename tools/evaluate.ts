import { parseArgs } from 'node:util'
import { classify } from './classify.ts'
import { retrieve } from './retrieve.ts'
import { type Row, rows } from './rows.ts'

/**
 * Measures the engine on a collection of its user's own; ends with one line of JSON.
 *   npm run -s eval -- retrieval --corpus F [--train F] --queries F [--without FIELD]
 *   npm run -s eval -- classify --train F --test F --label L
 * `--without daily` leaves a field of the corpus out: a collection whose questions are taken from that field tells little with it.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: Object.fromEntries(['corpus', 'train', 'queries', 'test', 'label', 'without'].map((name) => [name, { type: 'string' as const }])),
})

const started = performance.now()
const result = positionals[0] === 'classify' ? classify(rows(values['train']), rows(values['test']), values['label'] ?? 'label') : retrieval()
process.stdout.write(
  `${JSON.stringify({ ...result, peakMb: Math.round(process.resourceUsage().maxRSS / 1024), seconds: Math.round((performance.now() - started) / 100) / 10 })}\n`,
)

function retrieval() {
  const hidden = values['without']
  const corpus = rows(values['corpus']).map((row): Row => (hidden ? { ...row, [hidden]: '' } : row))
  return retrieve(corpus, values['train'] ? rows(values['train']) : [], rows(values['queries']))
}
