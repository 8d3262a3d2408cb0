// npm run torture [-- --rounds 1000 --minutes 60 --faults kill,disconnect --processes 1 --seed 1]: the long form of tests/flows/torture.test.ts. On PostgreSQL:
//   node tools/postgresql.mjs tsx tools/torture.ts --processes 3 --faults kill,disconnect,database,restart
import { parseArgs } from 'node:util'
import { tortured } from '../tests/support/rack.ts'
import type { Fault } from '../tests/support/torture.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '2000' },
    minutes: { type: 'string', default: '600' },
    processes: { type: 'string', default: '1' },
    faults: { type: 'string', default: 'kill,disconnect' },
    seed: { type: 'string', default: '1' },
  },
})
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const found = await tortured({
  rounds: Number(values.rounds),
  until: performance.now() + Number(values.minutes) * 60_000,
  processes: Number(values.processes),
  faults: values.faults.split(',') as Fault[],
  seed: Number(values.seed),
  tell: say,
})
for (const line of found.broken) say(line)
say(JSON.stringify({ ...found, broken: found.broken.length }))
process.exitCode = found.broken.length === 0 ? 0 : 1
