/** One question where danger to a life is possible and not sure; the citizen's request is answered before it. */
const worried = '我还有点放心不下：您或身边的人现在有危险吗？有危险请马上打 110（报警）、120（急救），心里难受打 12356（心理援助，全国都通）。'

export const dangerChoice = { value: 'safety:danger', text: '有危险' } as const
export const fineChoice = { value: 'safety:fine', text: '没有危险' } as const
export const safetyChoices = [dangerChoice, fineChoice]

export const safety = {
  ask: worried,
  askInWords: `${worried}您也可以回“${dangerChoice.text}”，我马上叫同事；没有就不用管这句。`,
  fine: '那就好。您的事接着说，我在。',
} as const
