import type { IntentName } from '../../understanding.ts'
import { surnames } from '../facts.ts'
import { answers, introductions } from './answers.ts'
import { calm } from './calm.ts'
import { abuse, affirm, boundary, chitchat, deny, feedback, human, offtopic, status } from './civil.ts'
import { accident, others, self } from './danger.ts'
import { guide } from './guide.ts'
import { ordinary } from './ordinary.ts'
import { ramblingClauses } from './rambles.ts'
import { everyday, turns } from './turns.ts'
import { unresolved } from './unresolved.ts'

type Labelled<Label> = { readonly text: string; readonly label: Label }
/** Danger has a model of its own. */
type Calm = Exclude<IntentName, 'emergency'>
type Risk = 'self' | 'others' | 'accident' | 'calm'

/** Sentences with the intent that a reader gives them: what the model of the front door learns from. */
export const labelled: readonly Labelled<Calm>[] = [
  ...lines<Calm>('guide', guide),
  ...lines<Calm>('unresolved', unresolved),
  ...lines<Calm>('status', status),
  ...lines<Calm>('human', human),
  ...lines<Calm>('chitchat', chitchat),
  ...lines<Calm>('offtopic', offtopic),
  ...lines<Calm>('boundary', boundary),
  ...lines<Calm>('abuse', abuse),
  ...lines<Calm>('affirm', affirm),
  ...lines<Calm>('deny', deny),
  ...lines<Calm>('feedback', feedback),
]

/** Sentences of danger, by whom it threatens, and calm ones that sound alike: what the model of danger learns from. */
export const alarming: readonly Labelled<Risk>[] = [
  ...lines<Risk>('self', self),
  ...lines<Risk>('others', others),
  ...lines<Risk>('accident', accident),
  ...lines<Risk>('calm', calm),
  ...lines<Risk>('calm', ordinary),
  ...lines<Risk>('calm', turns),
  ...lines<Risk>('calm', everyday(200)),
  ...lines<Risk>('calm', ramblingClauses),
  ...lines<Risk>('calm', answers),
  ...lines<Risk>('calm', introductions([...surnames].slice(0, 120))),
]

function lines<Label>(label: Label, block: string): Labelled<Label>[] {
  return block
    .split('\n')
    .filter((line) => line !== '')
    .map((text) => ({ text, label }))
}
