import { stageTitles, stepBack } from '../texts/casework.ts'
import { steps } from './stages.ts'
import type { Stage } from './ticket.ts'

/** The stage table as a Mermaid flowchart: every stage once, every command that moves a case as an arrow; dotted where a "no" leads back. */
export function flowchart(): string {
  const nodes = Object.entries(stageTitles).map(([stage, title]) => `  ${stage}["${title}"]`)
  const arrows = steps.flatMap(({ from, to, back, title }) =>
    from.flatMap((stage) => [...arrow(stage, `-->|${title}|`, to), ...arrow(stage, `-.->|${title}：${stepBack}|`, back)]),
  )
  const entry = steps.find((one) => one.command === 'register')
  const start = entry?.to === undefined ? [] : [`  start((" ")) -->|${entry.title}| ${entry.to}`]
  return ['flowchart TD', ...nodes, ...start, ...arrows, ''].join('\n')
}

const arrow = (from: Stage, line: string, to: Stage | undefined): string[] => (to === undefined || to === from ? [] : [`  ${from} ${line} ${to}`])
