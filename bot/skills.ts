import type { Skill } from './turn.ts'

/** A skill is a file of its own in bot/skills; the shell reads the folder and imports what this accepts. */
export function isSkillFile(name: string): boolean {
  return /^[a-z]+\.skill\.(ts|js)$/.test(name)
}

/** @throws Error naming the file whose export is not a skill. */
export function skillOf(file: string, module: { readonly skill?: unknown }): Skill {
  if (!isSkill(module.skill)) throw new Error(`${file} does not export a skill { name, steps, claim, respond }`)
  if (!file.startsWith(`${module.skill.name}.`)) throw new Error(`${file} exports the skill ${module.skill.name}`)
  return module.skill
}

function isSkill(value: unknown): value is Skill {
  if (typeof value !== 'object' || value === null) return false
  return (
    'name' in value &&
    typeof value.name === 'string' &&
    'steps' in value &&
    Array.isArray(value.steps) &&
    'claim' in value &&
    typeof value.claim === 'function' &&
    'respond' in value &&
    typeof value.respond === 'function'
  )
}
