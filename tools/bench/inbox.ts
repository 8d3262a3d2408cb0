import { listTickets, type TicketFilter } from '../../prisma/reads.ts'
import { type BenchDatabase, onEngines, round, type Say, scaled } from './database.ts'
import { fillCases, openBench } from './fill.ts'

const sizes = { small: 1_000, large: scaled(1_000_000) }
const times = 30
const pageSize = 50
const day = Date.parse('2026-06-10T10:00:00+08:00')

/** What the console asks for: the first page of the inbox, of open cases, of a unit, and searches for usual, for rare and for no words. */
const reads: Readonly<Record<string, TicketFilter>> = {
  inbox: {},
  open: { open: true },
  unitWithoutCases: { unit: 'tax' },
  usualWord: { words: ['营业执照'] },
  twoUsualWords: { words: ['营业执照', '的事'] },
  twoWords: { words: ['公积金', '搬家'] },
  rareWord: { words: ['第777号'] },
  noWord: { words: ['无人机表演'] },
}

/** The same reads with few and with very many cases: the second must cost about what the first does. */
export const inbox = (say: Say) => onEngines((database) => measure(database, say))

async function measure(database: BenchDatabase, say: Say): Promise<Record<string, number>> {
  const opened = await openBench(database.url, () => day)
  await fillCases(opened, sizes.small, (serial) => day + serial)
  const small = await timed(opened)
  const from = performance.now()
  await fillCases(opened, sizes.large, (serial) => day + serial, sizes.small)
  say(`${database.engine}: ${sizes.large} cases filled in ${round((performance.now() - from) / 1_000)} s`)
  const large = await timed(opened)
  await opened.close()
  const ratios: Record<string, number> = {}
  for (const name of Object.keys(reads)) {
    ratios[name] = round((large[name] ?? 0) / (small[name] ?? 1))
    say(`${database.engine}: ${name} ${large[name]} ms of ${sizes.large}, ${small[name]} ms of ${sizes.small}, ratio ${ratios[name]}`)
  }
  return ratios
}

/** Medians, in milliseconds. */
async function timed({ shell }: Awaited<ReturnType<typeof openBench>>): Promise<Record<string, number>> {
  const figures: Record<string, number> = {}
  for (const [name, filter] of Object.entries(reads)) {
    const taken: number[] = []
    for (let time = 0; time < times; time++) {
      const from = performance.now()
      await listTickets(shell.db, shell.cipher, filter, pageSize)
      taken.push(performance.now() - from)
    }
    figures[name] = round(taken.sort((a, b) => a - b)[times / 2] ?? 0)
  }
  return figures
}
