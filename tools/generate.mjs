// Writes one Prisma schema per engine into prisma/generated/ and generates both clients; skips the work when nothing changed.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const model = readFileSync('prisma/schema.prisma', 'utf8')
const version = JSON.parse(readFileSync('node_modules/prisma/package.json', 'utf8')).version
const stamp = createHash('sha256')
  .update(version)
  .update(model)
  .update(readFileSync(new URL(import.meta.url)))
  .digest('hex')
const stampFile = 'prisma/generated/stamp'

if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
  for (const provider of ['sqlite', 'postgresql']) {
    const folder = `prisma/generated/${provider}`
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${folder}/schema.prisma`, model.replace('provider = "sqlite"', `provider = "${provider}"`))
    execFileSync('node_modules/.bin/prisma', ['generate', '--schema', `${folder}/schema.prisma`], {
      stdio: ['ignore', 'ignore', 'inherit'],
      // `generate` needs no engine binary; without this it would try to download one.
      env: { PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1', ...process.env },
    })
  }
  writeFileSync(stampFile, stamp)
}
