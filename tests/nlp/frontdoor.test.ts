import { describe, expect, it } from 'vitest'
import { labelled } from '../../nlp/data/sentences/index.ts'
import { fixture, read } from './support.ts'

const sentences = fixture<{ text: string; intent: string }>('sentences.jsonl')

describe('front door', () => {
  it('reads at least 95 of 100 sentences as their writers meant them', () => {
    const wrong = sentences.filter(({ text, intent }) => read(text).intents[0]?.name !== intent)

    process.stdout.write(`sentences ${sentences.length}: ${(1 - wrong.length / sentences.length).toFixed(3)} read as meant\n`)
    expect(sentences.length).toBeGreaterThanOrEqual(600)
    expect(1 - wrong.length / sentences.length, wrong.map((one) => one.text).join('\n')).toBeGreaterThanOrEqual(0.95)
  })

  it('misses no emergency', () => {
    const missed = sentences.filter(
      ({ text, intent }) => intent === 'emergency' && (read(text).intents[0]?.name !== 'emergency' || read(text).urgency !== 'critical'),
    )

    expect(missed.map((one) => one.text)).toEqual([])
  })

  it('was never trained on what it is tested with', () => {
    const known = new Set(labelled.map((one) => one.text))

    expect(sentences.filter(({ text }) => known.has(text))).toEqual([])
  })

  it.each([
    '死亡证明在哪里开',
    '气死我了，跑了三趟',
    '我爸去世了户口怎么销',
    '开个加油站要什么证',
    '卖农药要办许可证吗',
    '急死人了，身份证明天要用',
    '天然气开户去哪儿',
    '跳广场舞的太吵了找谁',
    '老人走了以后养老金怎么停',
    '消防检查怎么申请',
  ])('takes everyday words for no danger: %s', (text) => {
    expect(read(text).intents[0]?.name).not.toBe('emergency')
    expect(read(text).urgency).not.toBe('critical')
  })

  it.each([
    ['你们这群废物，我的社保卡在哪补办', 'guide'],
    ['他妈的跑了四趟还不给办房产证', 'unresolved'],
    ['滚，给我转人工', 'human'],
    ['你就是个废物', 'abuse'],
  ])('handles the request inside an insult: %s', (text, intent) => {
    expect(read(text).intents[0]?.name).toBe(intent)
  })

  it.each([
    ['我要申请行政复议', 'review'],
    ['公司辞退我，想去劳动仲裁', 'arbitration'],
    ['怎么起诉欠钱不还的人', 'litigation'],
    ['我要去省里上访', 'petition'],
    ['举报村支书贪污', 'discipline'],
    ['我要申请信息公开，看征地批文', 'disclosure'],
  ])('names the door of %s', (text, door) => {
    expect(read(text).door).toBe(door)
    expect(read(text).intents[0]?.name).toBe('boundary')
  })

  it('keeps bribes at the counter as a case of this window', () => {
    const { door, flags } = read('窗口的人暗示我要送礼才给办')

    expect(door).toBeUndefined()
    expect(flags.map((flag) => flag.name)).toContain('吃拿卡要')
  })

  it('orders a ticket number under status however it is written', () => {
    for (const text of ['1410-20260315-0007-3', '帮我查１４１０２０２６０３１５０００７３', '一四一零二零二六零三一五零零零七三'])
      expect(read(text).intents[0]?.name).toBe('status')
  })
})
