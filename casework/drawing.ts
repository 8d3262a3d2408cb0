import { sevenStages, stageTitles, stepBack, drawing as words } from '../texts/casework.ts'
import { finalStages, sevenStage, steps } from './stages.ts'
import type { Stage } from './ticket.ts'

const box = { width: 180, height: 44, gap: 34, left: 330, top: 90 }
const aside = { left: 640, width: 250 }
const laneWidth = 44

type Move = { readonly from: Stage; readonly to: Stage; readonly title: string; readonly isBack: boolean }

const moves: readonly Move[] = steps.flatMap(({ from, to, back, title }) =>
  from.flatMap((stage) => [
    ...(to !== undefined && to !== stage ? [{ from: stage, to, title, isBack: false }] : []),
    ...(back !== undefined && back !== stage ? [{ from: stage, to: back, title: `${title}：${stepBack}`, isBack: true }] : []),
  ]),
)

const line = (Object.keys(stageTitles) as Stage[]).filter((stage) => !finalStages.includes(stage) || stage === 'archived')
const besides = finalStages.filter((stage) => stage !== 'archived')
const middle = (stage: Stage): number => box.top + line.indexOf(stage) * (box.height + box.gap) + box.height / 2

/**
 * The 流程图 as an A4 page in SVG, drawn from the stage table alone: the way down the middle, the ways back on the left,
 * the places aside on the right, the seven stages named beside.
 */
export function flowchartSvg(title: string): string {
  const height = middle(line.at(-1) ?? 'archived') + 80
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 920 ${height}" font-family="SimSun, 'Songti SC', 'Noto Serif CJK SC', serif" font-size="14">`,
    '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0L10 5L0 10z"/></marker></defs>',
    `<rect width="920" height="${height}" fill="#fff"/>`,
    label(460, 44, title, 'font-size="22" font-weight="bold"'),
    ...line.map(stageBox),
    ...line.slice(1).map((stage, index) => downward(line[index] ?? stage, stage)),
    ...waysBack().map(wayBack),
    ...besides.map(asideBox),
    '</svg>',
    '',
  ].join('\n')
}

const label = (x: number, y: number, text: string, more = ''): string => `<text x="${x}" y="${y}" text-anchor="middle" ${more}>${escaped(text)}</text>`

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

function stageBox(stage: Stage): string {
  const y = middle(stage)
  const seven = sevenStage(stage)
  const rect = `<rect x="${box.left}" y="${y - box.height / 2}" width="${box.width}" height="${box.height}" rx="6" fill="#f3f6fb" stroke="#234"/>`
  const name = seven ? label(box.left + box.width / 2, y + 15, `${seven.index}/${sevenStages.length} ${seven.title}`, 'font-size="11" fill="#456"') : ''
  return rect + label(box.left + box.width / 2, y - 2, stageTitles[stage]) + name
}

function downward(from: Stage, to: Stage): string {
  const x = box.left + box.width / 2
  const [top, bottom] = [middle(from) + box.height / 2, middle(to) - box.height / 2]
  const titles = moves.filter((move) => move.from === from && move.to === to && !move.isBack).map((move) => move.title)
  return `<path d="M${x} ${top}V${bottom - 1}" stroke="#234" marker-end="url(#tip)"/><text x="${x + 10}" y="${(top + bottom) / 2 + 5}">${escaped(titles.join('、'))}</text>`
}

/** One lane for each place that something leads back to and each reason. */
function waysBack(): readonly { readonly to: Stage; readonly title: string; readonly from: readonly Stage[] }[] {
  const ways = new Map<string, { to: Stage; title: string; from: Stage[] }>()
  for (const { from, to, title } of moves) {
    if (!line.includes(from) || !line.includes(to) || line.indexOf(to) >= line.indexOf(from)) continue
    const key = `${to} ${title}`
    ways.set(key, { to, title, from: [...(ways.get(key)?.from ?? []), from] })
  }
  return [...ways.values()].sort((a, b) => Math.max(...a.from.map((one) => line.indexOf(one))) - Math.max(...b.from.map((one) => line.indexOf(one))))
}

function wayBack(way: ReturnType<typeof waysBack>[number], index: number): string {
  const x = box.left - 40 - index * laneWidth
  // Each lane meets its box a little lower than the one before, so that the tips stay apart.
  const end = middle(way.to) - box.height / 2 + 8 + index * 7
  const starts = way.from.map(middle)
  const trunk = `<path d="M${x} ${Math.max(...starts)}V${end}H${box.left - 1}" fill="none" stroke="#a33" stroke-dasharray="5 3" marker-end="url(#tip)"/>`
  const twigs = starts.map((y) => `<path d="M${box.left} ${y}H${x}" stroke="#a33" stroke-dasharray="5 3"/>`).join('')
  const y = (Math.max(...starts) + end) / 2
  return `${trunk}${twigs}<text x="${x - 6}" y="${y}" text-anchor="middle" fill="#a33" transform="rotate(-90 ${x - 6} ${y})">${escaped(way.title)}</text>`
}

function asideBox(stage: Stage, index: number): string {
  const top = box.top + index * 138
  const leading = moves.filter((move) => move.to === stage)
  const leaving = moves.filter((move) => move.from === stage)
  const from = [...new Set(leading.map((move) => stageTitles[move.from]))]
  const lines = [
    words.by([...new Set(leading.map((move) => move.title))]),
    ...chunks(words.from(from), 18),
    ...leaving.map((move) => words.onward(move.title, stageTitles[move.to])),
  ]
  const rect = `<rect x="${aside.left}" y="${top}" width="${aside.width}" height="124" rx="6" fill="#fbf7ef" stroke="#864"/>`
  const rows = lines.map((text, row) => `<text x="${aside.left + 10}" y="${top + 44 + row * 17}" font-size="12" fill="#543">${escaped(text)}</text>`)
  return rect + label(aside.left + aside.width / 2, top + 22, stageTitles[stage], 'font-weight="bold"') + rows.join('')
}

function chunks(text: string, size: number): string[] {
  const letters = [...text]
  return letters.length <= size ? [text] : [letters.slice(0, size).join(''), ...chunks(letters.slice(size).join(''), size)]
}
