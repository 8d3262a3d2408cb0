/** What the audit of the journals says. */
export const audit = {
  fault: (number: string, line: number | undefined, what: string) => `工单 ${number}${line === undefined ? '' : ` 第 ${line} 行`}：${what}`,
  whats: {
    missing: '流水缺了这一行',
    surplus: '多出了这一行，不是系统写入的',
    unreadable: '内容不能解密，被改过或不是本库的密钥',
    changed: '内容与校验值不符，被改过',
    broken: '与上一行接不上，上一行被换过或删过',
    columns: '检索列与内容不符，被改过',
    head: '末行校验值与工单记录不符',
    state: '按流水推算的结果与工单现状不符，工单被直接改过',
    orphan: '流水还在，工单没有了',
  },
  clean: (cases: number, lines: number) => `核验完成：${cases} 件工单、${lines} 行流水，全部相符。`,
  found: (cases: number, lines: number, faults: number) => `核验完成：${cases} 件工单、${lines} 行流水，${faults} 处不符。`,
} as const
