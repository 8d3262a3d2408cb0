import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RegisteredView } from '../../api/contract.ts'
import { ticketById } from '../../prisma/tickets.ts'
import { openOffice, type TestOffice } from '../support/office.ts'

let office: TestOffice
beforeEach(async () => {
  office = await openOffice()
})
afterEach(() => office.close())

test.each(['counter', 'phone'] as const)(
  'a case from the %s says for ever who entered it, for whom and from where, whatever the request claims',
  async (channel) => {
    const clerk = await office.hire('王敏', ['clerk'])
    const facts = { name: '刘芳', phone: '13835700001', matter: '不动产证', story: '缺部分票据，不给办', onBehalfOf: '母亲张兰' }
    const asked = { commandId: randomUUID(), channel, demand: 'cannot', facts, enteredBy: '李科长' }
    const { status, body } = await clerk.post<RegisteredView>('/tickets', asked)
    const again = await clerk.post<RegisteredView>('/tickets', asked)

    expect([status, again.status, again.body.row.id]).toEqual([200, 200, body.row.id])
    expect(await ticketById(office.shell.db.read, office.shell.cipher, body.row.id)).toMatchObject({
      channel,
      enteredBy: '王敏',
      facts: { onBehalfOf: '母亲张兰' },
    })
    expect(body.code).toMatch(/^\d{6}$/)
    expect(again.body.code).toBe('')
    await office.hire('张强', ['clerk'])
    expect((await clerk.command(body.row.id, { type: 'amend', facts: { address: '鼓楼西街' }, enteredBy: '张强' })).status).toBe(200)
    expect(await ticketById(office.shell.db.read, office.shell.cipher, body.row.id)).toMatchObject({ channel, enteredBy: '王敏' })
  },
)
