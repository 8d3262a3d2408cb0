import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { ConfigError, readConfig } from './config.ts'
import { serve } from './serve.ts'
import { openShell } from './start.ts'

async function main(): Promise<void> {
  const config = readConfig()
  await serve(await openShell(config), config)
  setTimeout(tidy, settledMs).unref()
}

/** By then what the start goes on doing behind its back (texts for the search, first looks at what is due) is over. */
const settledMs = 5_000

/** What a start leaves behind would be held until a load comes, and its holes for ever: collected and closed up once, in about a tenth of a second. */
function tidy(): void {
  setFlagsFromString('--expose-gc')
  setFlagsFromString('--compact-on-every-full-gc')
  runInNewContext('gc')()
  setFlagsFromString('--no-compact-on-every-full-gc')
}

main().catch((fault: unknown) => {
  process.stderr.write(`${fault instanceof ConfigError ? fault.message : fault instanceof Error ? fault.stack : String(fault)}\n`)
  process.exit(1)
})
