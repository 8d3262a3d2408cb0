// npm run keys -- rotate [sm4]: a new data key, used from the next start on; npm run keys -- reseal: seals anew what older keys sealed, while the
// office works.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { createCipher, newKey } from '../../prisma/cipher.ts'
import { openDatabase } from '../../prisma/database.ts'
import { reseal } from '../../prisma/reseal.ts'
import { operations } from '../../texts/operations.ts'
import { readConfig } from '../config.ts'
import { openStore } from '../files/store.ts'

const words = operations.keys
const [action, algorithm] = process.argv.slice(2)
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const config = readConfig()
if (action === 'rotate' && config.DATA_KEY !== undefined) {
  say(words.add(newKey(algorithm === 'sm4' ? 'sm4' : 'aes')))
} else if (action === 'rotate') {
  const file = config.DATA_KEY_FILE
  const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
  appendFileSync(file, `${before.endsWith('\n') || !before ? '' : '\n'}${newKey(algorithm === 'sm4' ? 'sm4' : 'aes')}\n`, { flush: true })
  say(words.rotated(file))
} else if (action === 'reseal') {
  const db = await openDatabase(config.DATABASE_URL)
  const cipher = createCipher(config.dataKey)
  const values = await reseal(db, cipher, (table, done) => say(words.progress(table, done)))
  say(words.resealed(values + (await openStore(config.FILES_DIR, cipher).reseal())))
  await db.close()
} else {
  process.stderr.write(`${words.usage}\n`)
  process.exitCode = 2
}
