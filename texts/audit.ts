/** What the audit of journals, trail and seals says. */
export const audit = {
  usage: '用法：npm run -s audit [-- 备份目录或封存号 …]\n  核验全部工单流水、审计记录和封存；给出备份目录或日志里的封存号时，还和当时的情况比对。',
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
  trail: (id: number) => `审计记录第 ${id} 行：被改过，或者它前面的行被改过、删过、加过`,
  seals: {
    seal: (number: number) => `封存 ${number}：没有了、被改过，或和给出的封存号不一致`,
    trail: (number: number) => `封存 ${number}：当时最后一行审计记录没有了或被改过`,
    removed: (ticket: string) => `工单 ${ticket}：封存时有，现在没有了`,
    older: (ticket: string) => `工单 ${ticket}：流水比封存时少，或被换过`,
  },
  noMark: (text: string) => `${text} 不是封存号，也不是带封存号的备份目录。`,
  newest: (mark: string) => `最新封存号：${mark}`,
  done: (cases: number, lines: number, deeds: number, faults: number) =>
    `核验完成：${cases} 件工单、${lines} 行流水、${deeds} 行审计记录，${faults === 0 ? '全部相符' : `${faults} 处不符`}。`,
} as const
