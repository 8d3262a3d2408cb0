import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isSkillFile, skillOf } from '../bot/skills.ts'
import type { Skill } from '../bot/turn.ts'

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'bot', 'skills')

/** Every skill in bot/skills, in the order of their names. */
export async function loadSkills(): Promise<Skill[]> {
  const files = (await readdir(folder)).filter(isSkillFile).sort()
  return Promise.all(files.map(async (file) => skillOf(file, await import(pathToFileURL(join(folder, file)).href))))
}
