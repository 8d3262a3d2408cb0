/** What a model of the office is asked. Nothing that it writes reaches a citizen. */
export const modelWords = {
  choose: (question: string, titles: readonly string[]) => [
    { role: 'system', content: '你只负责选择。下面是市民的一句话和几个办事事项，选出他要办的那一项，只回序号；都不像就回 0。不要写别的。' },
    { role: 'user', content: `市民的话：${question}\n${titles.map((title, at) => `${at + 1}. ${title}`).join('\n')}` },
  ],
} as const
