import { pino } from 'pino'
import { createController } from '../bot/controller.ts'
import { dateOf } from '../casework/day.ts'
import { beginTrail } from '../prisma/audits.ts'
import { createCipher } from '../prisma/cipher.ts'
import { createCommitter } from '../prisma/committer.ts'
import { type Database, openDatabase } from '../prisma/database.ts'
import { seedDocuments } from '../prisma/documents.ts'
import { receiveSeed } from '../prisma/guides.ts'
import { noteSeed, receivedSeed, seedOffice } from '../prisma/office.ts'
import { loadSeedDocuments } from '../prisma/seed/documents.ts'
import { seedDigest } from '../prisma/seed/files.ts'
import { loadSeedDepartments, loadSeedGuides } from '../prisma/seed/guides.ts'
import { loadSeedCalendar, loadSeedPolicy } from '../prisma/seed/policy.ts'
import { countStaff, createStaff } from '../prisma/staff.ts'
import type { CommittedTurn } from '../prisma/turns.ts'
import { administratorName } from '../texts/api.ts'
import { edition } from '../texts/edition.ts'
import { createTokens, openChannels } from './channels.ts'
import type { Config } from './config.ts'
import type { LiveFrame } from './contract.ts'
import { scannerOf } from './files/scan.ts'
import { openStore } from './files/store.ts'
import { revoicerOf } from './files/voice.ts'
import { createHub } from './hub.ts'
import { dailyLog } from './logfile.ts'
import { createMailbox } from './mailbox.ts'
import { chooserOf } from './model.ts'
import { keepKnowledge } from './office.ts'
import { openPartners } from './partners.ts'
import { shareTokens } from './platformtokens.ts'
import { hashPassword } from './session.ts'
import { openShelf } from './shelf.ts'
import { newId, type Shell } from './shell.ts'
import { loadSkills } from './skills.ts'
import { newOneTimePassword } from './tokens.ts'
import { askForRules } from './workers/rules.ts'

export type Opened = { readonly shell: Shell & { readonly names: Map<string, string> }; readonly close: () => Promise<void> }

/** Opens the database, brings it its first data, and puts the process together; nothing listens yet. */
export async function openShell(config: Config, now: () => number = Date.now): Promise<Opened> {
  const options = { level: config.LOG_LEVEL, redact: ['req.headers.cookie', 'req.headers.authorization'] }
  const log = config.LOG_DIR === undefined ? pino(options) : pino(options, dailyLog(config.LOG_DIR, config.LOG_DAYS, now))
  const db = await openDatabase(config.DATABASE_URL)
  await receiveNewSeed(db, now())
  await seedDocuments(db, loadSeedDocuments(), now())
  const knowledge = await keepKnowledge(
    db,
    now,
    openShelf(config.CACHE_DIR, (fault) => log.warn({ err: fault }, 'learnt models not kept')),
  )
  const cipher = createCipher(config.dataKey)
  if (await beginTrail(db, cipher, now())) log.info('audit trail begun')
  const shell = {
    db,
    knowledge,
    now,
    log,
    cipher,
    store: openStore(config.FILES_DIR, cipher),
    scan: scannerOf(config),
    revoice: revoicerOf(config.VOICE_COMMAND),
    choose: chooserOf(config, { now, log }),
    commit: createCommitter(db),
    mailbox: createMailbox(),
    controller: createController(await loadSkills()),
    partners: openPartners(config.PARTNERS_FILE),
    ...(await openChannels(config.CHANNELS_FILE, { fetch, now, tokens: shareTokens(db, cipher, now, createTokens(now)) })),
    origin: config.PUBLIC_ORIGIN,
    chats: createHub<CommittedTurn>(),
    staff: createHub<LiveFrame>(),
    typing: createHub<'staff'>(),
    told: new Map<string, number>(),
    ticks: new Map<string, { at: number; lateMs: number; failedAt?: number }>(),
    names: new Map<string, string>(),
  }
  return { shell, close: db.close }
}

/** What a release brings along goes into the database once; the office's own edits stay as they are. */
async function receiveNewSeed(db: Database, now: number): Promise<void> {
  const digest = seedDigest()
  const before = await receivedSeed(db)
  if (before === digest) return
  await seedOffice(db, { departments: loadSeedDepartments(), policy: loadSeedPolicy(), calendar: loadSeedCalendar() }, now)
  await receiveSeed(db, loadSeedGuides(), { at: now, today: dateOf(now), note: edition.seedNewer })
  await noteSeed(db, digest, now)
  // It may bring the year that the clocks of open cases wait for.
  if (before !== undefined) await db.write((sql) => askForRules(sql, `seed.${digest}`, now))
}

const firstAccount = 'admin'

/** The account that creates the others, at the very first start; its password is told once and must be changed at the first login. */
export async function firstAdministrator({ db, now }: Shell): Promise<{ readonly account: string; readonly password: string } | undefined> {
  if ((await countStaff(db)) > 0) return undefined
  const password = newOneTimePassword()
  await createStaff(db, {
    id: newId(),
    account: firstAccount,
    name: administratorName,
    roles: ['admin', 'clerk', 'lead', 'director'],
    passwordHash: await hashPassword(password),
    now: now(),
  })
  return { account: firstAccount, password }
}
