import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'evaluate-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, rows: readonly object[]): string {
  const path = join(folder, name)
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  return path
}

/** The last line of what the command prints. */
function evaluate(...args: string[]): Record<string, unknown> {
  const out = execFileSync(process.execPath, ['--import', 'tsx', 'tools/evaluate.ts', ...args], { encoding: 'utf8' })
  return JSON.parse(out.trim().split('\n').at(-1) ?? '')
}

const corpus = ['身份证丢失补领', '护照换发', '营业执照注销', '生育津贴申领', '公积金租房提取', '老年人优待证'].map((name, id) => ({ id, name }))
const queries = [
  ['身份证丢了', 0],
  ['护照到期换', 1],
  ['执照注销', 2],
  ['生育津贴怎么领', 3],
  ['租房提公积金', 4],
].map(([text, items]) => ({ text, items: [items] }))

describe('the evaluation', () => {
  it('finds documents whose ids are numbers, and judges the baselines by the same figures', () => {
    const found = evaluate(
      'retrieval',
      '--corpus',
      file('corpus.jsonl', corpus),
      '--train',
      file('train.jsonl', queries),
      '--queries',
      file('queries.jsonl', queries),
    )

    expect(found).toMatchObject({ top1: 1, top3: 1, mrr: 1, queries: 5, msPerQuery: expect.any(Number), peakMb: expect.any(Number) })
    const figures = {
      top1: expect.any(Number),
      top3: expect.any(Number),
      mrr: expect.any(Number),
      coverageAt90: expect.any(Number),
      missingAuroc: expect.any(Number),
    }
    expect(found).toMatchObject({ ...figures, baselines: { minisearch: { ...figures, msPerQuery: expect.any(Number) }, fuse: figures } })
  })

  it('learns labels that are numbers', () => {
    const rows = ['路灯不亮了', '路灯坏了', '路灯灭了', '楼上太吵', '邻居吵闹', '吵得睡不着'].map((text, at) => ({ text, kind: at < 3 ? 1 : 2 }))
    const asked = [
      { text: '路灯又坏了', kind: 1 },
      { text: '邻居太吵了', kind: 2 },
    ]

    const learnt = evaluate('classify', '--train', file('seen.jsonl', rows), '--test', file('asked.jsonl', asked), '--label', 'kind')
    expect(learnt).toMatchObject({ accuracy: 1, macroF1: 1, coverageAt90: 1, queries: 2 })
    expect(learnt).toMatchObject({
      baselines: { naturalBayes: { accuracy: expect.any(Number), macroF1: expect.any(Number), coverageAt90: expect.any(Number) } },
    })
  })
})
