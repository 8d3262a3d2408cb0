import { beforeAll, describe, expect, test } from 'vitest'
import { isSkillFile, skillOf } from '../../bot/skills.ts'
import { type Conversation, emptyMemory, type Skill, type TurnInput } from '../../bot/turn.ts'
import type { Content } from '../../channels/contract.ts'
import { discoverSkills, openDesk, openWorld, type World, workingMorning } from '../support/desk.ts'

let world: World
let skills: readonly Skill[]
beforeAll(async () => {
  world = await openWorld()
  skills = await discoverSkills()
})

const contents: readonly Content[] = [
  { kind: 'text', text: '营业执照怎么办' },
  { kind: 'text', text: '' },
  { kind: 'text', text: '？？？' },
  { kind: 'text', text: '😀'.repeat(200) },
  { kind: 'choice', value: 'guide:no-such-guide', text: '没有的' },
  { kind: 'choice', value: 'nonsense', text: '乱来' },
  { kind: 'choice', value: 'aspect:__proto__@x', text: '乱来' },
  { kind: 'choice', value: 'ticket:t999', text: '别人的件' },
  { kind: 'choice', value: 'withdraw:yes', text: '撤回' },
  { kind: 'choice', value: 'solved:yes', text: '办成了' },
  { kind: 'choice', value: 'urge', text: '催一下' },
  { kind: 'media', media: 'voice', ref: 'm1' },
  { kind: 'location', latitude: 36, longitude: 111 },
  { kind: 'event', event: 'unknown' },
]

function anInput(content: Content, more: Partial<Conversation> = {}): TurnInput {
  const conversation: Conversation = { id: 'c1', channel: 'web', personId: 'p1', owner: { kind: 'bot' }, seq: 0, version: 0, memory: emptyMemory, ...more }
  const text = content.kind === 'text' || content.kind === 'choice' ? content.text : ''
  return { conversation, content, understanding: world.understand(text, { today: '2026-03-10' }), now: workingMorning, office: world.office }
}

describe('every discovered skill', () => {
  test('has a name of its own, equal to its file, and steps without repetition', () => {
    expect(skills.length).toBeGreaterThanOrEqual(10)
    expect(new Set(skills.map((skill) => skill.name)).size).toBe(skills.length)
    for (const { steps } of skills) expect(new Set(steps).size).toBe(steps.length)
  })

  test('claims between 0 and 1, the same for the same input, and changes nothing by claiming', () => {
    for (const skill of skills)
      for (const content of contents) {
        const input = anInput(content)
        const before = JSON.stringify(input.conversation)
        const claim = skill.claim(input, world.index.match)
        expect(claim, `${skill.name} on ${JSON.stringify(content)}`).toBeGreaterThanOrEqual(0)
        expect(claim).toBeLessThanOrEqual(1)
        expect(skill.claim(input, world.index.match)).toBe(claim)
        expect(JSON.stringify(input.conversation)).toBe(before)
      }
  })

  test('answers any message at any of its steps, even with slots it did not write', async () => {
    for (const skill of skills)
      for (const step of skill.steps)
        for (const content of contents) {
          const focus = { skill: skill.name, step, slots: { findings: 'broken', answer: 7, number: {}, asking: null } }
          const desk = openDesk(world)
          await expect(desk.resume(focus, content), `${skill.name}/${step} on ${JSON.stringify(content)}`).resolves.toBeDefined()
        }
  })

  test('leaves a focus that it knows and that is plain JSON', async () => {
    for (const content of contents) {
      const { turn } = await openDesk(world).send(content)
      expect(JSON.parse(JSON.stringify(turn.memory))).toEqual(turn.memory)
      if (turn.focus) expect(skills.find((skill) => skill.name === turn.focus?.skill)?.steps).toContain(turn.focus.step)
    }
  })

  test('never leaves a citizen who wrote something without an answer', async () => {
    for (const content of contents) {
      const { turn } = await openDesk(world).send(content)
      if (content.kind !== 'event') expect(turn.replies.length, JSON.stringify(content)).toBeGreaterThan(0)
    }
  })
})

describe('discovery', () => {
  test('takes skill files of the source and of the build, nothing else', () => {
    expect(['guidance.skill.ts', 'guidance.skill.js'].every(isSkillFile)).toBe(true)
    expect(['guidance.ts', 'guidance.skill.d.ts', 'guidance.skill.js.map', '.skill.ts', 'a.skill.ts~'].some(isSkillFile)).toBe(false)
  })

  test('refuses a file without a skill, and one that exports a skill of another name', () => {
    expect(() => skillOf('empty.skill.ts', {})).toThrow('empty.skill.ts')
    expect(() => skillOf('other.skill.ts', { skill: skills[0] })).toThrow('other.skill.ts')
  })
})
