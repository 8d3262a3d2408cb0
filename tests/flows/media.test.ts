import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, describe, expect, test } from 'vitest'
import type { ConversationView, FileView } from '../../api/contract.ts'
import { paper, photo, wave } from '../support/files.ts'
import { type KfWorld, openKfWorld } from '../support/kf.ts'
import type { StaffClient } from '../support/staff.ts'
import { openWechatWorld, type WechatWorld } from '../support/wechat.ts'

const citizen = 'o_liufang'
/** The head of an AMR file and some frames of silence. */
const amr = Buffer.concat([Buffer.from('#!AMR\n'), ...Array.from({ length: 50 }, () => Buffer.concat([Buffer.from([0x3c]), Buffer.alloc(31)]))])
const wav = wave()

let close = async (): Promise<void> => undefined
afterEach(() => close())

async function wechatWorld(settings: Readonly<Record<string, string>> = {}): Promise<WechatWorld & { readonly clerk: StaffClient }> {
  const world = await openWechatWorld('safe', false, settings)
  close = world.close
  return { ...world, clerk: await world.office.hire('clerk', ['clerk']) }
}

/** What the desk has of the one talk, with its files. */
async function atTheDesk({ office, clerk }: { readonly office: (WechatWorld | KfWorld)['office']; readonly clerk: StaffClient }) {
  const [row] = await office.shell.db.read.all<{ id: string }>('SELECT id FROM "Conversation"')
  const talk = (await clerk.get<ConversationView>(`/conversations/${row?.id}`)).body
  const refs = talk.messages.flatMap(({ file }) => (file ? [file] : []))
  const files = await Promise.all(refs.map(async ({ id }) => (await clerk.get<FileView>(`/files/${id}`)).body))
  return { talk, files }
}

const contentOf = async (url: string, path: string | undefined, clerk: StaffClient): Promise<Buffer> =>
  Buffer.from(await (await fetch(url + path, { headers: { cookie: clerk.cookie() } })).arrayBuffer())

describe('what is sent through WeChat', () => {
  test('a photograph is fetched, made safe, and stands in the talk and in the case', async () => {
    const world = await wechatWorld()
    await world.wechat.say(citizen, '我办不动产证跑了三趟了还是不给办，说缺契税发票')
    await world.wechat.say(citizen, '我叫刘芳，电话13835700001')
    await world.wechat.postFile(citizen, 'image', { bytes: await photo(4_000, 2_000), type: 'image/jpeg' })
    expect((await atTheDesk(world)).files).toMatchObject([{ state: 'fetching', media: 'image' }])

    await world.deliver()

    const { files, talk } = await atTheDesk(world)
    expect(files).toMatchObject([{ state: 'ready', media: 'image' }])
    const bytes = await contentOf(world.office.url, files[0]?.url, world.clerk)
    const { width, height, exif } = await sharp(bytes).metadata()
    expect({ width, height, exif }).toEqual({ width: 1_500, height: 3_000, exif: undefined })
    const ofCase = await world.clerk.get<{ rows: FileView[] }>(`/tickets/${talk.tickets[0]?.id}/files`)
    expect(ofCase.body.rows.map(({ id }) => id)).toEqual(files.map(({ id }) => id))
  })

  test('a voice is kept as it is, and where a converter is set up it becomes one that browsers play', async () => {
    const plain = await wechatWorld()
    await plain.wechat.postFile(citizen, 'voice', { bytes: amr, type: 'voice/amr' })
    await plain.deliver()
    expect((await atTheDesk(plain)).files).toMatchObject([{ state: 'ready', media: 'voice', name: '语音.amr', bytes: amr.length }])
    await plain.close()

    const folder = mkdtempSync(join(tmpdir(), 'bandecheng_test_voice-'))
    writeFileSync(join(folder, 'voice.wav'), wav)
    writeFileSync(join(folder, 'convert'), `#!/bin/sh\ncat > /dev/null\ncat ${join(folder, 'voice.wav')}\n`)
    chmodSync(join(folder, 'convert'), 0o700)
    const world = await wechatWorld({ VOICE_COMMAND: join(folder, 'convert') })
    await world.wechat.postFile(citizen, 'voice', { bytes: amr, type: 'voice/amr' })
    await world.deliver()

    const { files } = await atTheDesk(world)
    rmSync(folder, { recursive: true })
    expect(files).toMatchObject([{ state: 'ready', media: 'voice', name: '语音.wav' }])
    expect(await contentOf(world.office.url, files[0]?.url, world.clerk)).toEqual(wav)
  })

  test('a voice that the platform has written down is answered by its words, and its sound is there for the clerk and in the case', async () => {
    const world = await wechatWorld()
    const story = '我办不动产证跑了三趟了还是不给办，说缺契税发票'
    await world.wechat.postFile(citizen, 'voice', { bytes: amr, type: 'voice/amr' }, story)
    await world.wechat.say(citizen, '我叫刘芳，电话13835700001')
    await world.deliver()

    const { talk, files } = await atTheDesk(world)
    expect(talk.messages[0]).toMatchObject({ author: 'citizen', text: story, file: { media: 'voice' } })
    expect(files).toMatchObject([{ state: 'ready', media: 'voice' }])
    expect(await contentOf(world.office.url, files[0]?.url, world.clerk)).toEqual(amr)
    const ofCase = await world.clerk.get<{ rows: FileView[] }>(`/tickets/${talk.tickets[0]?.id}/files`)
    expect(ofCase.body.rows.map(({ id }) => id)).toEqual(files.map(({ id }) => id))
  })

  test('a voice whose words were answered is no loss for the citizen when its sound cannot be had', async () => {
    const world = await wechatWorld()
    await world.wechat.postFile(citizen, 'voice', { bytes: amr, type: 'voice/amr' }, '身份证丢了怎么补')
    world.pass(73 * 3_600_000)
    await world.wechat.say(citizen, '在吗')
    await world.deliver()
    await world.deliver()

    expect((await atTheDesk(world)).files).toMatchObject([{ state: 'lost' }])
    expect(world.wechat.screen(citizen).join('\n')).not.toContain('麻烦再发一次')
  })

  test('of the sixty files of a day, voices whose words are known are none: neither they nor a photograph after them are refused', async () => {
    const world = await wechatWorld()
    await world.wechat.postFile(citizen, 'voice', { bytes: amr, type: 'voice/amr' }, '在吗')
    await world.deliver()
    const [first] = await world.office.shell.db.read.all<Record<string, unknown>>('SELECT * FROM "Attachment"')
    const before = (count: number, name: string) => Array.from({ length: count }, (_, index) => ({ ...first, id: `${name}${index}` }))
    await world.office.shell.commit((sql) => sql.insert('Attachment', before(59, 'photo'), 'unless exists'))
    await world.wechat.postFile(citizen, 'image', { bytes: await photo(), type: 'image/jpeg' })
    await world.deliver()
    await world.wechat.postFile(citizen, 'voice', { bytes: amr, type: 'voice/amr' }, '在吗')
    await world.deliver()
    await world.wechat.postFile(citizen, 'image', { bytes: await photo(), type: 'image/jpeg' })
    await world.deliver()
    await world.deliver()

    expect((await atTheDesk(world)).files.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready', 'lost'])
    expect(
      world.wechat
        .screen(citizen)
        .join('\n')
        .match(/今天发的文件太多了/g),
    ).toHaveLength(1)
  })

  test('comes as soon as a platform that was out of order answers again, also with a token that has ended', async () => {
    const world = await wechatWorld()
    await world.wechat.postFile(citizen, 'image', { bytes: await photo(), type: 'image/jpeg' })
    world.wechat.faults.push({ kind: 'status', status: 503 }, { kind: 'code', code: -1 })
    await world.deliver()
    expect((await atTheDesk(world)).files).toMatchObject([{ state: 'fetching' }])

    await world.deliver(61_000)
    world.wechat.endToken()
    await world.deliver(130_000)

    expect((await atTheDesk(world)).files).toMatchObject([{ state: 'ready', media: 'image' }])
  })

  test('that the platform never gives becomes an order that staff see and can repeat', async () => {
    const world = await wechatWorld()
    await world.wechat.postFile(citizen, 'image', { bytes: await photo(), type: 'image/jpeg' })
    await world.deliver()
    await world.wechat.postFile(citizen, 'image', { bytes: await photo(), type: 'image/jpeg' })
    for (let tried = 0; tried < 11; tried++) {
      world.wechat.faults.push({ kind: 'status', status: 500 })
      await world.deliver(3_600_000)
    }

    const dead = await world.clerk.get<{ rows: { id: number; kind: string; title: string }[] }>('/jobs/dead')
    expect(dead.body.rows).toMatchObject([{ kind: 'fetch' }])
    world.wechat.faults.length = 0
    await world.clerk.post(`/jobs/${dead.body.rows[0]?.id}/retry`, {})
    await world.deliver()
    expect((await atTheDesk(world)).files).toMatchObject([{ state: 'ready' }, { state: 'ready' }])
  })

  test('too late to be had is told to the citizen, who can send it again', async () => {
    const world = await wechatWorld()
    await world.wechat.postFile(citizen, 'image', { bytes: await photo(), type: 'image/jpeg' })
    world.pass(73 * 3_600_000)
    await world.wechat.say(citizen, '在吗')
    await world.deliver()
    await world.deliver()

    expect((await atTheDesk(world)).files).toMatchObject([{ state: 'lost' }])
    expect(world.wechat.screen(citizen).join('\n')).toContain('您发的照片没有取到，麻烦再发一次')
  })

  test('is fetched no more when the citizen has left meanwhile', async () => {
    const world = await wechatWorld()
    await world.wechat.postFile(citizen, 'image', { bytes: await photo(), type: 'image/jpeg' })
    await world.wechat.unfollow(citizen)

    await world.deliver()

    const { read } = world.office.shell.db
    expect(await read.all('SELECT id FROM "Attachment"')).toEqual([])
    expect(await read.all(`SELECT id FROM "Job" WHERE kind = 'fetch' AND state <> 'done'`)).toEqual([])
  })
})

describe('what is sent through 微信客服', () => {
  async function kfWorld() {
    const world = await openKfWorld()
    close = world.close
    return { ...world, clerk: await world.office.hire('clerk', ['clerk']) }
  }

  test('a paper keeps its name, and one pushed three times is one file', async () => {
    const world = await kfWorld()
    await world.kf.postFile('wmUser', 'file', { bytes: paper(), type: 'application/octet-stream', name: '不予受理告知书.pdf' }, { times: 3, overlapping: true })
    await world.work()
    await world.work()

    const { files } = await atTheDesk(world)
    expect(files).toMatchObject([{ state: 'ready', media: 'file', name: '不予受理告知书.pdf' }])
    expect(await contentOf(world.office.url, files[0]?.url, world.clerk)).toEqual(paper())
  })

  test('what is no picture, paper or recording is not kept, and the citizen reads why', async () => {
    const world = await kfWorld()
    await world.kf.postFile('wmUser', 'file', { bytes: Buffer.from('MZ-not-a-paper'), type: 'application/octet-stream', name: '工具.exe' })
    await world.work()
    await world.work()

    expect((await atTheDesk(world)).files).toMatchObject([{ state: 'lost' }])
    expect(
      world.kf
        .screen('wmUser')
        .map(({ text }) => text)
        .join('\n'),
    ).toContain('没能收下：只能发照片')
  })
})
