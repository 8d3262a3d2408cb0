// npm run bench [-- SECTION …]: what the product does a second, side by side with a yardstick, in one run on this machine. The last line is JSON.
// Sections: turns, overload, start, reminders, ledgers, inbox, understanding. Those that need a database run on SQLite, and on PostgreSQL where TEST_POSTGRESQL_URL names one
// (`node tools/postgresql.mjs tsx tools/bench.ts …`, as the npm script does).
import { inbox } from './bench/inbox.ts'
import { ledgers } from './bench/ledgers.ts'
import { overload } from './bench/overload.ts'
import { reminders } from './bench/reminders.ts'
import { start } from './bench/start.ts'
import { turns } from './bench/turns.ts'
import { understanding } from './bench/understanding.ts'

const sections = { turns, overload, start, reminders, ledgers, inbox, understanding } as const
type Section = keyof typeof sections
const isSection = (name: string): name is Section => name in sections

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !isSection(name))
if (unknown !== undefined) throw new Error(`no section ${unknown}; there are ${Object.keys(sections).join(', ')}`)
const chosen = asked.length > 0 ? asked.filter(isSection) : (Object.keys(sections) as Section[])

const figures: Record<string, unknown> = {}
for (const name of chosen) figures[name] = await sections[name]((line) => void process.stdout.write(`${name}: ${line}\n`))
process.stdout.write(`${JSON.stringify(figures)}\n`)
process.exit(0)
