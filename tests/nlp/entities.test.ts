import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { read, values } from './support.ts'

describe('facts in free text', () => {
  it.each([
    ['我电话13800138000', '13800138000'],
    ['138 0013 8000 打这个', '13800138000'],
    ['电话一三八零零一三八零零零', '13800138000'],
    ['幺三八零零幺三八零零零', '13800138000'],
    ['１３８００１３８０００', '13800138000'],
    ['0357-2091234', '03572091234'],
  ])('finds the phone in %s', (text, phone) => expect(values(text, 'phone')).toEqual([phone]))

  it('takes an identity number only with its right check digit', () => {
    expect(values('身份证11010519491231002X', 'idNumber')).toEqual(['11010519491231002X'])
    expect(values('身份证110105194912310021', 'idNumber')).toEqual([])
  })

  it.each([
    ['我叫王芳，电话13800138000', undefined, '王芳'],
    ['我叫王芳电话13800138000', undefined, '王芳'],
    ['姓名：欧阳建国', undefined, '欧阳建国'],
    ['王芳', 'name', '王芳'],
    ['王来福', 'name', '王来福'],
    ['我是李建国', undefined, '李建国'],
    ['阿卜杜拉·买买提', 'name', '阿卜杜拉·买买提'],
  ])('finds the name in %s', (text, expecting, name) => expect(values(text, 'name', expecting)).toEqual([name]))

  it('takes no everyday words for a name', () => {
    for (const text of ['我是外地人', '我是高中生', '我是从河北来的', '我是于是就回去了']) expect(values(text, 'name')).toEqual([])
  })

  it.each([
    ['上周三去的', '2026-03-11'],
    ['周一去的', '2026-03-16'],
    ['昨天', '2026-03-17'],
    ['医生昨天说的', '2026-03-17'],
    ['学生于3月5日交的', '2026-03-05'],
    ['三天前', '2026-03-15'],
    ['上个月5号', '2026-02-05'],
    ['12月20号去过', '2025-12-20'],
    ['2026年3月5日', '2026-03-05'],
    ['两个月前', '2026-01-18'],
  ])('reads the day in %s', (text, day) => expect(values(text, 'date')).toEqual([day]))

  it.each([
    ['三月份交的材料', '2026-03'],
    ['5月份去问过', '2025-05'],
    ['去年3月申请的', '2025-03'],
    ['去年三月就交了', '2025-03'],
    ['上个月说快了', '2026-02'],
    ['去年十一月到十二月跑了三趟', '2025-11/2025-12'],
    ['去年腊月交的', '2026-01-19/2026-02-16'],
    ['农历八月办的', '2025-09-22/2025-10-20'],
    ['去年上半年就该发了', '2025-01/2025-06'],
    ['下半年申请的', '2025-07/2025-12'],
    ['一季度的补贴没发', '2026-01/2026-03'],
    ['开春的时候去过', '2026-02/2026-04'],
    ['去年冬天报的', '2025-12/2026-02'],
    ['去年年底说的', '2025-11/2025-12'],
    ['去年初说的', '2025-01/2025-03'],
    ['前年初交的', '2024-01/2024-03'],
    ['前年底批的', '2024-11/2024-12'],
    ['2023年底批的', '2023-11/2023-12'],
    ['今年初交的', '2026-01/2026-03'],
    ['春天里去过一次', '2026-03/2026-05'],
    ['过年那会儿就说办', '2026-02/2026-03'],
  ])('keeps a time that names no day as what it is: %s', (text, span) => expect(values(text, 'date')).toEqual([span]))

  it.each([
    '拖了三月了',
    '三个月没发',
    '低保一月多少钱',
    '每月领多少',
    '下个月要开学',
    '明年三月到期',
    '今年九月份开学',
    '半年了',
    '家住春天花园',
    '住春天里小区',
    '我住在春天里',
    '明年底到期',
    '我是1965年3月出生的',
    '我1950年2月生的',
    '1965年3月5日出生',
    '出生于1965年3月',
    '几月份报名',
  ])('takes no length of time, no price, no birth and nothing to come for when it happened: %s', (text) => expect(values(text, 'date')).toEqual([]))

  it.each([
    ['跑了三趟了', undefined, '3'],
    ['去了12次', undefined, '12'],
    ['这是第四次来了', undefined, '4'],
    ['五次吧', 'visits', '5'],
  ])('counts the visits in %s', (text, expecting, times) => expect(values(text, 'visits', expecting)).toEqual([times]))

  it.each([
    ['我代表合作社来办', '合作社'],
    ['我代表公司来办', '公司'],
    ['我代表尧丰种植专业合作社来办变更', '尧丰种植专业合作社'],
    ['我是代表我们村委会来反映的', '村委会'],
    ['受公司委托来办的', '公司'],
    ['我是公司的会计，来办变更', '公司'],
    ['我是厂里的经办人，来办许可证', '厂里'],
    ['公司派我来办', '公司'],
    ['替我妈办', '母亲'],
  ])('hears on whose behalf in %s', (text, whom) => expect(values(text, 'onBehalfOf')).toEqual([whom]))

  it.each([
    '我们公司不给我交社保',
    '我是公司的员工，公司不发工资',
    '医院给开的证明',
    '代表会议几点开',
    '单位让我来办退休',
    '村委会叫我来办',
    '学校让我去办学籍证明',
  ])('takes nobody’s mandate from %s', (text) => expect(values(text, 'onBehalfOf')).toEqual([]))

  it('reads what was said, where, and whether in writing', () => {
    const text = '我上周三去车管所，窗口说缺购车发票，也不给书面的'

    expect(values(text, 'department')).toEqual(['市公安局交通警察支队'])
    expect(values(text, 'told')[0]).toContain('缺购车发票')
    expect(values(text, 'missingPapers')).toEqual(['购车发票'])
    expect(values(text, 'written')).toEqual(['false'])
  })

  it('takes 医保 for an office only where it acts', () => {
    expect(values('医保怎么办', 'department')).toEqual([])
    expect(values('医保那边不给办', 'department')).toEqual(['市医疗保障局'])
  })

  it('reads on whose behalf, secrecy and anonymity', () => {
    expect(values('我替我爸办的', 'onBehalfOf')).toEqual(['父亲'])
    expect(values('不对，是我爸的户口', 'onBehalfOf')).toEqual(['父亲'])
    expect(values('别让他们知道是我说的', 'secrecy')).toEqual(['true'])
    expect(values('不用保密', 'secrecy')).toEqual(['false'])
    expect(values('我想匿名反映', 'anonymity')).toEqual(['true'])
  })

  it.each(['1410-20260315-0007-3', '141020260315 0007 3', '１４１０-２０２６０３１５-０００７-３', '一四一零二零二六零三一五零零零七三'])(
    'reads the ticket number %s',
    (text) => expect(values(text, 'ticketNumber')).toEqual(['1410-20260315-0007-3']),
  )

  it('reads a query code where it can be nothing else', () => {
    expect(values('482913', 'queryCode')).toEqual(['482913'])
    expect(values('查询码是482913', 'queryCode')).toEqual(['482913'])
    expect(values('1410-20260315-0007-3 482913', 'queryCode')).toEqual(['482913'])
    expect(values('邮编041000那边的房子', 'queryCode')).toEqual([])
  })

  it.each([
    ['非常满意', '5'],
    ['不满意', '2'],
    ['非常不满意', '1'],
    ['基本满意', '3'],
    ['打4分', '4'],
  ])('rates %s', (text, rating) => expect(values(text, 'rating')).toEqual([rating]))

  it('counts offsets in the text it returns', () => {
    const { text, entities } = read('我叫王芳！！！　电话１３８００１３８０００，住尧都区')

    for (const { kind, start, end, value } of entities) if (kind !== 'onBehalfOf') expect(text.slice(start, end)).toBe(value)
  })
})

describe('what a message does in the talk', () => {
  it.each([
    ['不对，是我爸的户口', 'correction'],
    ['刚才电话说错了，是139', 'correction'],
    ['算了不办了', 'cancel'],
    ['你问这个干嘛', 'asksWhy'],
    ['为什么要我的电话', 'asksWhy'],
    ['不想说', 'declines'],
    ['电话不方便留', 'declines'],
  ] as const)('%s: %s', (text, act) => expect(read(text)[act]).toBe(true))

  it.each(['我想办身份证', '跑了三趟还是不给办', '怎么起诉'])('finds none of these in %s', (text) => {
    const { correction, cancel, asksWhy, declines } = read(text)
    expect([correction, cancel, asksWhy, declines]).toEqual([false, false, false, false])
  })

  it.each([
    ['在哪儿办', 'where'],
    ['要带啥', 'materials'],
    ['几天能下来', 'time'],
    ['多少钱', 'fee'],
    ['网上能办不', 'online'],
    ['能让我儿子代办吗', 'proxy'],
    ['周六上班吗', 'hours'],
    ['电话是多少', 'phone'],
    ['没有房产证能办吗', 'missing'],
    ['法律依据是什么', 'basis'],
    ['什么条件才能申请', 'who'],
    ['怎么办理', 'steps'],
  ])('%s asks for %s', (text, aspect) => expect(read(text).aspect).toBe(aspect))

  it('reads traditional characters as simplified ones', () => expect(read('辦理營業執照').text).toBe('办理营业执照'))

  it.each([
    ['每次去说的材料都不一样', '未一次性告知'],
    ['社保局让我找税务，税务又让我找社保局，来回推', '部门推诿'],
    ['网上人脸识别老通不过', '线上操作'],
    ['名字和户口本不一致', '材料不一致'],
    ['开发商跑了办不了证', '历史遗留'],
    ['等了三个月还没消息', '超时未办'],
    ['我们这个工种不在目录里', '政策空白'],
    ['我老公是外籍', '涉外'],
  ])('%s points to %s', (text, cause) => expect(read(text).cause?.name).toBe(cause))
})

describe('facts in messy sentences', () => {
  const rows = readFileSync(new URL('../fixtures/facts.tsv', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [text = '', facts = ''] = line.split('\t')
      return facts.split(';').map((fact) => ({ text, kind: fact.split('=')[0] ?? '', value: fact.split('=')[1] ?? '' }))
    })

  it.each(rows)('$kind of $text', ({ text, kind, value }) => {
    expect(values(text, kind)).toContain(value)
  })
})
