import { ConfigError, readConfig } from './config.ts'
import { serve } from './serve.ts'
import { openShell } from './start.ts'

async function main(): Promise<void> {
  const config = readConfig()
  await serve(await openShell(config), config)
}

main().catch((fault: unknown) => {
  process.stderr.write(`${fault instanceof ConfigError ? fault.message : fault instanceof Error ? fault.stack : String(fault)}\n`)
  process.exit(1)
})
