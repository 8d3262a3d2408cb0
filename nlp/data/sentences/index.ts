import type { IntentName } from '../../understanding.ts'
import { abuse, affirm, boundary, chitchat, deny, emergency, feedback, human, offtopic, status } from './civil.ts'
import { guide } from './guide.ts'
import { unresolved } from './unresolved.ts'

const sets: Readonly<Record<IntentName, string>> = { guide, unresolved, status, human, chitchat, offtopic, emergency, boundary, abuse, affirm, deny, feedback }

/** Sentences with the intent that a reader gives them: what the model of the front door learns from. */
export const labelled: readonly { readonly text: string; readonly label: string }[] = Object.entries(sets).flatMap(([label, lines]) =>
  lines
    .split('\n')
    .filter((line) => line !== '')
    .map((text) => ({ text, label })),
)
