// npm run account -- reset NAME: lets somebody in again who has lost password or phone, the only administrator included. Whoever may run it
// has the database and the key anyway.
import { noteDeed } from '../../prisma/audits.ts'
import { createCipher } from '../../prisma/cipher.ts'
import { openDatabase } from '../../prisma/database.ts'
import { setPassword, setSecondFactor, staffByAccount } from '../../prisma/staff.ts'
import { accountCommand } from '../../texts/signin.ts'
import { readConfig } from '../config.ts'
import { hashPassword } from '../session.ts'
import { newOneTimePassword } from '../tokens.ts'

const [action, account] = process.argv.slice(2)
if (action !== 'reset' || !account) {
  process.stderr.write(`${accountCommand.usage}\n`)
  process.exit(2)
}
const config = readConfig()
const db = await openDatabase(config.DATABASE_URL)
const staff = await staffByAccount(db, account)
if (staff) {
  const password = newOneTimePassword()
  const now = Date.now()
  await setPassword(db, staff.id, await hashPassword(password), true, now)
  await setSecondFactor(db, staff.id, null)
  await noteDeed({ db, cipher: createCipher(config.dataKey) }, { at: now, action: 'account reset by command', subject: staff.id })
  process.stdout.write(`${accountCommand.reset(account, password)}\n`)
} else {
  process.stderr.write(`${accountCommand.unknown(account)}\n`)
  process.exitCode = 1
}
await db.close()
