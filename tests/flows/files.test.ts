import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ConversationView, FileView, ProgressView } from '../../api/contract.ts'
import { runDeliveries } from '../../api/workers/deliveries.ts'
import { createChatClient } from '../support/chat.ts'
import { add, packedPaper, paper, photo, send } from '../support/files.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

let office: TestOffice
let clerk: StaffClient
beforeAll(async () => {
  office = await openOffice()
  clerk = await office.hire('clerk', ['clerk'])
})
afterAll(() => office.close())

async function aCitizen(at = office) {
  const chat = createChatClient(at.url)
  await chat.connect()
  return chat
}

const fetched = (path: string, cookie = ''): Promise<Response> => fetch(office.url + path, { headers: { cookie } })
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((one) => (one.isFile() ? [join(one.parentPath, one.name)] : []))

describe('a photograph', () => {
  test('is kept upright, reduced, and without place, camera or anything behind its end', async () => {
    const chat = await aCitizen()
    const tail = Buffer.from('<script>alert(1)</script>PK\u0003\u0004')
    const { body } = await send(office.url, chat.cookie(), Buffer.concat([await photo(4_000, 2_000), tail]), '收据.JPG')

    const answer = await fetched(body.url ?? '', chat.cookie())
    const bytes = Buffer.from(await answer.arrayBuffer())
    const { width, height, format, exif, orientation } = await sharp(bytes).metadata()

    expect({ width, height, format, exif, orientation }).toEqual({ width: 1_500, height: 3_000, format: 'jpeg', exif: undefined, orientation: undefined })
    expect(bytes.includes('SpyPhone')).toBe(false)
    expect(bytes.includes('<script>')).toBe(false)
    expect(body).toMatchObject({ media: 'image', name: '收据.jpg', state: 'ready' })
  })

  test('lies sealed on disk, and comes as a download that no browser runs', async () => {
    const chat = await aCitizen()
    const { body } = await send(office.url, chat.cookie(), await photo(), 'a.jpg')

    const answer = await fetched(body.url ?? '', chat.cookie())

    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; /)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    const bytes = Buffer.from(await answer.arrayBuffer())
    const stored = await office.shell.db.read.all<{ sealed: string }>('SELECT sealed FROM "Attachment"')
    expect(stored.some(({ sealed }) => sealed.includes('a.jpg'))).toBe(false)
    for (const file of filesIn(String(office.files))) expect(readFileSync(file).includes(bytes.subarray(0, 20))).toBe(false)
  })
})

describe('an upload', () => {
  test('that is sent again under its key, also many times at once, is one file', async () => {
    const chat = await aCitizen()
    const [bytes, key] = [await photo(), randomUUID()]

    const all = await Promise.all(Array.from({ length: 8 }, () => send(office.url, chat.cookie(), bytes, 'a.jpg', key)))

    expect(new Set(all.map(({ body }) => body.id)).size).toBe(1)
    const rows = await office.shell.db.read.all('SELECT 1 FROM "Attachment" WHERE id = ?', [all[0]?.body.id ?? ''])
    expect(rows).toHaveLength(1)
  })

  test('needs a visitor, and more than sixty in a day are declined', async () => {
    const chat = await aCitizen()
    expect((await send(office.url, '', await photo(), 'a.jpg')).status).toBe(401)

    const { body } = await send(office.url, chat.cookie(), await photo(), 'a.jpg')
    await office.shell.db.write(async (sql) => {
      const [row] = await sql.all<Record<string, string>>('SELECT * FROM "Attachment" WHERE id = ?', [body.id])
      await sql.insert(
        'Attachment',
        Array.from({ length: 59 }, () => ({ ...row, id: randomUUID() })),
      )
    })
    const more = await send(office.url, chat.cookie(), await photo(), 'b.jpg')

    expect([more.status, more.body.code]).toEqual([422, 'refusedFile'])
    expect(more.body.message).toContain('窗口')
  })
})

describe('a file that is not what a citizen would send', () => {
  const bomb = async (): Promise<Buffer> =>
    sharp({ create: { width: 12_000, height: 12_000, channels: 3, background: '#fff' } })
      .png()
      .toBuffer()
  const png = async (): Promise<Buffer> =>
    sharp({ create: { width: 9, height: 9, channels: 3, background: '#fff' } })
      .png()
      .toBuffer()
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
  const hostile: readonly [string, string, () => Buffer | Promise<Buffer>, RegExp][] = [
    ['SVG', 'a.svg', () => Buffer.from(svg), /照片（JPG/],
    ['SVG called a photo', 'a.jpg', () => Buffer.from(`<?xml version="1.0"?>${svg}`), /照片（JPG/],
    ['HTML', 'a.html', () => Buffer.from('<!doctype html><script>alert(1)</script>'), /照片（JPG/],
    ['HTML called a PDF', 'a.pdf', () => Buffer.from('<html>%PDF-1.7 %%EOF</html>'), /照片（JPG|打不开/],
    ['a zip', 'a.zip', () => Buffer.from('PK\u0003\u0004aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'), /照片（JPG/],
    ['a program', 'a.jpg', () => Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]), /照片（JPG/],
    ['GIF with script behind it', 'a.gif', () => Buffer.from('GIF89a/*\u0000\u0000*/=1;alert(1)'), /照片（JPG/],
    ['a photo with a double ending', 'a.php.jpg', () => photo(), /对不上/],
    ['a photo called a program', 'a.exe', () => photo(), /对不上/],
    ['a photo that hides its ending by turning the writing round', 'gpj.\u202Eexe', () => photo(), /对不上/],
    ['a PDF called a page', '合同.pdf.html', () => paper(), /对不上/],
    ['a picture of 144 million points in a small file', 'a.png', bomb, /尺寸太大/],
    ['a picture that is cut off', 'a.png', async () => (await png()).subarray(0, 60), /打不开/],
    ['HEIC', 'a.heic', () => Buffer.from('\u0000\u0000\u0000\u0018ftypheic\u0000\u0000\u0000\u0000mif1heic', 'latin1'), /截个图/],
    ['nothing', 'a.jpg', () => Buffer.alloc(0), /空的/],
    ['a PDF with a program', 'a.pdf', () => paper('/OpenAction<</S/JavaScript/JS(app.alert(1))>>'), /带了程序/],
    ['a PDF that writes it in codes', 'a.pdf', () => paper('/OpenAction<</S/J#61vaScript/#4aS(app.alert(1))>>'), /带了程序/],
    ['a PDF that packs it away', 'a.pdf', () => packedPaper('5 0 <</S/JavaScript/JS(app.alert(1))>>'), /带了程序/],
    ['a PDF that unpacks to gigabytes', 'a.pdf', () => packedPaper(' '.repeat(40_000_000)), /打不开/],
    ['a PDF with a file in it', 'a.pdf', () => paper('/Names<</EmbeddedFiles 9 0 R>>'), /带了程序/],
    ['a PDF that is locked', 'a.pdf', () => paper('/Encrypt 9 0 R'), /密码/],
    ['a PDF that is a zip as well', 'a.pdf', () => paper('', 'PK\u0003\u0004'), /打不开/],
    ['a PDF with a page behind it', 'a.pdf', () => paper('', '<script>'.repeat(200)), /打不开/],
  ]
  test.each(hostile)('is declined in plain words: %s', async (_what, name, bytes, words) => {
    const chat = await aCitizen()
    const before = filesIn(String(office.files)).length

    const { status, body } = await send(office.url, chat.cookie(), await bytes(), name)

    expect([status, body.code]).toEqual([422, 'refusedFile'])
    expect(body.message).toMatch(words)
    expect(filesIn(String(office.files))).toHaveLength(before)
  })

  test('is declined also when it is too large, before it is read to its end', async () => {
    const chat = await aCitizen()
    const { status } = await send(office.url, chat.cookie(), Buffer.alloc(21 * 1024 * 1024), 'a.jpg')
    expect(status).toBe(413)
  })
})

describe('whose a file is', () => {
  test('only the visitor who sent it gets its address, and nobody a forged or old one', async () => {
    const [chat, stranger] = [await aCitizen(), await aCitizen()]
    const { body } = await send(office.url, chat.cookie(), paper(), '证明.pdf')
    const url = body.url ?? ''

    expect((await fetched(`/api/files/${body.id}`, stranger.cookie())).status).toBe(404)
    expect((await fetched(`/api/files/${body.id}`, chat.cookie())).status).toBe(200)
    expect((await fetched(url)).status).toBe(200)
    expect((await fetched(url.replace(/until=\d+/, 'until=99999999999999'))).status).toBe(403)
    expect((await fetched(url.replace(/viewer=[^&]+/, 'viewer=staff%3Aclerk'))).status).toBe(403)
    const at = new Date(office.now() + 6 * 60_000).toISOString()
    office.sleepTo(at)
    expect((await fetched(url, chat.cookie())).status).toBe(403)
  })

  test('a stranger cannot put it into their own talk', async () => {
    const [chat, stranger] = [await aCitizen(), await aCitizen()]
    const { body } = await send(office.url, chat.cookie(), await photo(), 'a.jpg')

    await expect(stranger.sendFile(body)).rejects.toThrow('unknownFile')
  })

  test("a clerk's address works in the clerk's session alone, and every use of it is noted", async () => {
    const chat = await aCitizen()
    const { body } = await send(office.url, chat.cookie(), await photo(), 'a.jpg')
    await chat.sendFile(body)
    const { body: shown } = await clerk.get<FileView>(`/files/${body.id}`)

    expect((await fetched(shown.url ?? '')).status).toBe(401)
    expect((await fetched(shown.url ?? '', clerk.cookie())).status).toBe(200)

    const noted = await office.shell.db.read.all('SELECT 1 FROM "Audit" WHERE action = ? AND subject = ? AND "staffId" = ?', ['file opened', body.id, 'clerk'])
    expect(noted).toHaveLength(1)
  })
})

describe('a file in the talk', () => {
  test('is answered, seen by the clerk in the conversation, and goes into the case that is then registered', async () => {
    const chat = await aCitizen()
    await chat.say('跑了三趟了还是不给办')
    await chat.say('办房产证，窗口说缺一张购房发票，没给书面的')
    const sent = await send(office.url, chat.cookie(), await photo(), '购房合同.jpg')
    const seq = await chat.sendFile(sent.body)
    expect((await chat.wait((one) => one.author === 'bot' && one.seq > seq)).text).toContain('放进您的件里')
    await chat.say('我叫王芳，电话13812345678')

    const [ticket] = await clerk.tickets('?q=13812345678')
    const { body } = await clerk.get<{ rows: FileView[] }>(`/tickets/${ticket?.id}/files`)
    const { conversationId } = (await clerk.ticket(ticket?.id ?? '')).ticket
    const talk = (await clerk.get<ConversationView>(`/conversations/${conversationId}`)).body

    expect(body.rows.map(({ id, name }) => [id, name])).toEqual([[sent.body.id, '购房合同.jpg']])
    expect(talk.messages.find(({ file }) => file)?.file).toEqual({ id: sent.body.id, media: 'image', name: '购房合同.jpg' })
  })

  test('sent after the registration is noted in the journal of the case, where a unit that may not see the case finds nothing', async () => {
    const chat = await aCitizen()
    for (const text of ['跑了三趟了还是不给办', '办房产证，窗口说缺一张购房发票，没给书面的', '我叫李强，电话13912345678']) await chat.say(text)
    const sent = await send(office.url, chat.cookie(), paper(), '证明.pdf')
    const seq = await chat.sendFile(sent.body)
    expect((await chat.wait((one) => one.author === 'bot' && one.seq > seq)).text).toContain('放在一起')

    const [ticket] = await clerk.tickets('?q=13912345678')
    const view = await clerk.ticket(ticket?.id ?? '')
    const other = await office.hire('taxman', ['chief'], 'tax')

    expect(view.ticket.facts.story).toContain('证明.pdf')
    expect((await clerk.get<{ rows: FileView[] }>(`/tickets/${ticket?.id}/files`)).body.rows).toHaveLength(1)
    expect((await other.get(`/files/${sent.body.id}`)).status).toBe(404)
    expect((await other.get(`/tickets/${ticket?.id}/files`)).status).toBe(404)
  })
})

describe('with a scanner', () => {
  let guarded: TestOffice | undefined
  let clamd: Server | undefined
  afterEach(async () => {
    await guarded?.close()
    clamd?.close()
  })

  const script = (exit: string): string => {
    const file = join(mkdtempSync(join(tmpdir(), 'bandecheng_test_scan-')), 'scan')
    writeFileSync(file, `#!/bin/sh\ncat >/dev/null\n${exit}\n`)
    chmodSync(file, 0o755)
    return file
  }

  test('nobody opens a file before it was scanned, and then it is open', async () => {
    guarded = await openOffice({ SCAN_COMMAND: script('exit 0') })
    const chat = await aCitizen(guarded)
    const { body } = await send(guarded.url, chat.cookie(), await photo(), 'a.jpg')
    expect(body).toMatchObject({ state: 'checking' })
    expect(body.url).toBeUndefined()

    await runDeliveries(guarded.shell)

    const after = await (await fetch(`${guarded.url}/api/files/${body.id}`, { headers: { cookie: chat.cookie() } })).json()
    expect(after).toMatchObject({ state: 'ready', url: expect.any(String) })
  })

  test('what it finds is deleted, and the citizen is told', async () => {
    guarded = await openOffice({ SCAN_COMMAND: script('exit 1') })
    const chat = await aCitizen(guarded)
    const { body } = await send(guarded.url, chat.cookie(), await photo(), '照片.jpg')
    await chat.sendFile(body)

    await runDeliveries(guarded.shell)

    expect((await chat.wait((one) => one.author === 'system')).text).toContain('照片.jpg')
    expect(filesIn(String(guarded.files))).toEqual([])
    const after = await (await fetch(`${guarded.url}/api/files/${body.id}`, { headers: { cookie: chat.cookie() } })).json()
    expect(after).toMatchObject({ state: 'refused' })
  })

  test('that is down keeps the file closed and is asked again', async () => {
    guarded = await openOffice({ SCAN_COMMAND: script('exit 2') })
    const chat = await aCitizen(guarded)
    const { body } = await send(guarded.url, chat.cookie(), await photo(), 'a.jpg')

    await runDeliveries(guarded.shell)

    const [job] = await guarded.shell.db.read.all<{ state: string; runAt: number }>('SELECT state, "runAt" FROM "Job" WHERE kind = ?', ['scan'])
    expect(job?.state).toBe('open')
    expect(job?.runAt).toBeGreaterThan(guarded.now())
    expect(body.state).toBe('checking')
  })

  test('of ClamAV the whole file is read, in the words that clamd speaks', async () => {
    const heard: Buffer[] = []
    clamd = createServer((socket) => {
      socket.on('data', (data) => {
        heard.push(data)
        if (Buffer.concat(heard).subarray(-4).equals(Buffer.alloc(4))) socket.end('stream: Win.Test.EICAR_HDB-1 FOUND\0')
      })
    })
    const socket = join(mkdtempSync(join(tmpdir(), 'bandecheng_test_clamd-')), 'clamd.sock')
    await new Promise<void>((resolve) => clamd?.listen(socket, resolve))
    guarded = await openOffice({ CLAMD: socket })
    const chat = await aCitizen(guarded)
    await send(guarded.url, chat.cookie(), paper(), '证明.pdf')

    await runDeliveries(guarded.shell)

    const sent = Buffer.concat(heard)
    expect(sent.subarray(0, 10).toString()).toBe('zINSTREAM\0')
    expect(sent.includes(paper())).toBe(true)
    expect(filesIn(String(guarded.files))).toEqual([])
  })
})

describe('a file that the desk adds', () => {
  const register = async (chat: Awaited<ReturnType<typeof aCitizen>>, name: string, phone: string) => {
    for (const text of ['跑了三趟了还是不给办', '办房产证，窗口说缺一张购房发票，没给书面的', `我叫${name}，电话${phone}`]) await chat.say(text)
    const [ticket] = await clerk.tickets(`?q=${phone}`)
    return ticket?.id ?? ''
  }
  const ofCase = async (number: string, phone: string) => {
    const answer = await fetch(`${office.url}/api/progress`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ number, phone }),
    })
    return (await answer.json()) as ProgressView
  }

  test('to a case is there for staff, with who added it, and not for the citizen; another unit adds nothing', async () => {
    const id = await register(await aCitizen(), '赵敏', '13700000001')
    const key = randomUUID()

    const { status, body } = await add(office.url, clerk.cookie(), `tickets/${id}`, paper(), '住建局复函.pdf', key)
    const again = await add(office.url, clerk.cookie(), `tickets/${id}`, paper(), '住建局复函.pdf', key)

    expect([status, again.body.id]).toEqual([200, body.id])
    const { rows } = (await clerk.get<{ rows: FileView[] }>(`/tickets/${id}/files`)).body
    expect(rows.map(({ name, by }) => [name, by])).toEqual([['住建局复函.pdf', 'clerk']])
    const { number } = (await clerk.ticket(id)).row
    const view = await ofCase(number, '13700000001')
    expect(view.files).toEqual([])
    const direct = await fetch(`${office.url}/api/case/files/${body.id}`, { headers: { 'x-bandecheng-pass': view.pass } })
    expect(direct.status).toBe(404)
    const chief = await office.hire('taxchief', ['chief'], 'tax')
    expect((await add(office.url, chief.cookie(), `tickets/${id}`, paper(), 'a.pdf')).status).toBe(404)
    expect((await add(office.url, clerk.cookie(), `tickets/${id}`, Buffer.from('MZ'), 'a.exe')).status).toBe(422)
  })

  test('in a talk reaches the citizen as a message of the one who owns it, and nobody else sends any', async () => {
    const chat = await aCitizen()
    const id = await register(chat, '钱敏', '13700000002')
    const conversation = (await clerk.ticket(id)).ticket.conversationId ?? ''
    const refused = await add(office.url, clerk.cookie(), `conversations/${conversation}`, paper(), '样表.pdf')
    await clerk.talk(conversation, { type: 'takeover' })

    const { status, body } = await add(office.url, clerk.cookie(), `conversations/${conversation}`, await photo(), '样表.jpg')

    expect([refused.status, refused.body.code]).toEqual([409, 'notYours'])
    expect(status).toBe(200)
    const heard = await chat.wait(({ file }) => file?.id === body.id)
    expect(heard).toMatchObject({ author: 'staff', name: 'clerk', file: { media: 'image', name: '样表.jpg' } })
    expect((await fetched(`/api/files/${body.id}`, chat.cookie())).status).toBe(200)
    const { number } = (await clerk.ticket(id)).row
    expect((await ofCase(number, '13700000002')).files.map(({ name }) => name)).toEqual(['样表.jpg'])
    expect(filesIn(String(office.files)).length).toBeGreaterThan(0)
  })
})
