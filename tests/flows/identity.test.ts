import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type LedgerLine, ledgerLines, loadLedgers } from '../../api/ledgers.ts'
import { runRetention } from '../../api/workers/retention.ts'
import { evolve } from '../../casework/evolve.ts'
import { finalStages } from '../../casework/stages.ts'
import type { Ticket } from '../../casework/ticket.ts'
import { auditJournals } from '../../prisma/audit.ts'
import { finalStages as storedAsFinal } from '../../prisma/listing.ts'
import { addNote, notesOf } from '../../prisma/notes.ts'
import { listTickets } from '../../prisma/reads.ts'
import { journalOf, ticketById, ticketsOfPhone } from '../../prisma/tickets.ts'
import { testCipher } from '../support/database.ts'
import { act, person } from '../support/life.ts'
import { openOffice, type TestOffice } from '../support/office.ts'

let office: TestOffice
beforeEach(async () => {
  office = await openOffice()
})
afterEach(() => office.close())

const clerk = person('王窗口', ['clerk'])
const secrets = ['欧阳锋行', '13912345678', '142601198001011234', '尧都区解放路9号', 'web:visitor-1']
const facts = {
  name: '欧阳锋行',
  phone: '13912345678',
  idNumber: '142601198001011234',
  address: '尧都区解放路9号',
  matter: '蒸汽管道报装',
  story: '本人欧阳锋行，住尧都区解放路9号，电话13912345678，报装不给办',
}
const proposal = { demandClass: 'clear', level: 1, departments: ['natural'], flags: [], reasons: [] } as const

/** Registered on 10 June 2026, ended the day after. */
async function anEndedCase(id = 'ended'): Promise<Ticket> {
  await act(
    office,
    id,
    '2026-06-10 10:00',
    { type: 'register', id, number: `1410-${id}`, channel: 'counter', demand: 'cannot', urgent: false, facts, proposal, personId: 'web:visitor-1' },
    clerk,
  )
  await act(
    office,
    id,
    '2026-06-10 11:00',
    { type: 'amend', facts: { told: '说没有这个人' }, note: '欧阳锋行又来过' },
    { kind: 'citizen', id: 'web:visitor-1' },
  )
  return act(office, id, '2026-06-11 10:00', { type: 'decline', reason: '欧阳锋行已撤销申请', door: '市行政审批局' }, clerk)
}

/** Everything that the database keeps of cases, opened. */
async function kept(): Promise<string> {
  const { read } = office.shell.db
  const rows = await read.all<{ id: string }>('SELECT * FROM "Ticket"')
  const whole = await Promise.all(
    rows.map(async ({ id }) => [
      await ticketById(read, testCipher, id),
      await journalOf(read, testCipher, id),
      await notesOf(read, testCipher, { ticketId: id }),
    ]),
  )
  return JSON.stringify([
    rows,
    whole,
    await read.all('SELECT * FROM "Journal"'),
    await read.all('SELECT * FROM "Notice"'),
    await read.all('SELECT * FROM "TicketText"'),
  ])
}

async function ledgers(until: string): Promise<LedgerLine[][]> {
  const viewer = person('赵督办', ['supervisor'])
  const all: LedgerLine[][] = []
  for (const ledger of await loadLedgers()) {
    const lines: LedgerLine[] = []
    for await (const line of ledgerLines(office.shell, { ledger, from: '2026-06-01', to: '2026-06-30', until: Date.parse(until), viewer, reveal: false }))
      lines.push(line)
    all.push(lines)
  }
  return all
}

async function faults(): Promise<unknown[]> {
  const found: unknown[] = []
  for await (const { fault } of auditJournals(office.shell.db.read, testCipher, evolve)) if (fault) found.push(fault)
  return found
}

describe('three years after its end', () => {
  test('a case names nobody any more, and not a day earlier', async () => {
    await anEndedCase()
    await office.shell.db.write((sql) => addNote(sql, testCipher, { ticketId: 'ended' }, { id: 'n', staffId: 'x', at: 1, text: '欧阳锋行电话打不通' }))
    office.sleepTo('2029-06-10T09:00:00+08:00')
    await runRetention(office.shell)
    const before = await kept()
    for (const secret of secrets) expect(before, secret).toContain(secret)

    office.sleepTo('2029-06-10T11:00:00+08:00')
    await runRetention(office.shell)

    const after = await kept()
    for (const secret of secrets) expect(after, secret).not.toContain(secret)
    expect(await ticketsOfPhone(office.shell.db.read, testCipher, testCipher.index('phone', facts.phone))).toEqual([])
    expect(await notesOf(office.shell.db.read, testCipher, { ticketId: 'ended' })).toMatchObject([{ text: '欧**行电话打不通' }])
  })

  test('what was done stays: the stages, the reasons, the search, and who of the office did it', async () => {
    const before = await anEndedCase()
    office.sleepTo('2029-07-01T09:00:00+08:00')
    await runRetention(office.shell)
    const { db } = office.shell

    expect(await ticketById(db.read, testCipher, before.id)).toMatchObject({
      number: before.number,
      stage: 'declined',
      registeredAt: before.registeredAt,
      deidentifiedAt: office.now(),
      facts: { name: '欧**行', phone: '139****5678', idNumber: '**************1234', matter: '蒸汽管道报装' },
    })
    expect((await listTickets(db, testCipher, { words: ['蒸汽管道'] }, 10)).map(({ id }) => id)).toEqual([before.id])
    const journal = await journalOf(db.read, testCipher, before.id)
    expect(journal.filter(({ stamped }) => stamped.event.type === 'declined')).toMatchObject([
      { stamped: { by: { name: '王窗口' }, event: { reason: '欧**行已撤销申请', door: '市行政审批局' } } },
    ])
  })

  test('the journal says so in a line of its own with the end of the former chain, and passes the audit', async () => {
    await anEndedCase()
    const [{ headHash } = { headHash: '' }] = await office.shell.db.read.all<{ headHash: string }>('SELECT "headHash" FROM "Ticket"')
    office.sleepTo('2029-07-01T09:00:00+08:00')
    await runRetention(office.shell)

    const journal = await journalOf(office.shell.db.read, testCipher, 'ended')
    expect(journal.at(-1)?.stamped).toEqual({ event: { type: 'deidentified', formerHead: headHash }, by: { kind: 'clock' }, at: office.now() })
    expect(await faults()).toEqual([])
  })

  test('masked ledgers of past days come out as they did, but for the name within a text', async () => {
    await anEndedCase()
    const before = await ledgers('2026-06-30T20:00:00+08:00')
    office.sleepTo('2029-07-01T09:00:00+08:00')
    await runRetention(office.shell)

    expect(before.flat().length).toBeGreaterThan(0)
    const expected = JSON.parse(JSON.stringify(before).replaceAll('欧阳锋行', '欧**行').replaceAll('尧都区解放路9号', '***'))
    expect(await ledgers('2026-06-30T20:00:00+08:00')).toEqual(expected)
  })

  test('it happens once: a second run and a second process find nothing to do', async () => {
    await anEndedCase()
    office.sleepTo('2029-07-01T09:00:00+08:00')
    await Promise.all([runRetention(office.shell), runRetention(office.shell)])
    await runRetention(office.shell)

    const journal = await journalOf(office.shell.db.read, testCipher, 'ended')
    expect(journal.filter(({ stamped }) => stamped.event.type === 'deidentified')).toHaveLength(1)
  })

  test('a case that still goes on keeps its people, however old it is', async () => {
    const id = 'open'
    await act(
      office,
      id,
      '2026-06-10 10:00',
      { type: 'register', id, number: '1410-open', channel: 'counter', demand: 'cannot', urgent: false, facts, proposal },
      clerk,
    )
    office.sleepTo('2036-07-01T09:00:00+08:00')
    await runRetention(office.shell)

    expect(await ticketById(office.shell.db.read, testCipher, id)).toMatchObject({ facts })
  })

  test('a case whose journal was tampered with is left as it is, and the others are not held up', async () => {
    await anEndedCase('forged')
    await anEndedCase('sound')
    await office.shell.db.write((sql) => sql.run(`UPDATE "Journal" SET at = at + 1 WHERE "ticketId" = 'forged' AND seq = 1`))
    office.sleepTo('2029-07-01T09:00:00+08:00')
    await runRetention(office.shell)

    expect(await ticketById(office.shell.db.read, testCipher, 'forged')).toMatchObject({ facts: { name: facts.name } })
    expect(await ticketById(office.shell.db.read, testCipher, 'sound')).toMatchObject({ facts: { name: '欧**行' } })
  })
})

test('what the database takes for the end of a case is what the rules do', () => {
  expect([...storedAsFinal].sort()).toEqual([...finalStages].sort())
})
