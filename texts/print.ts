/** Words around what is printed or exported: marks, lines for signatures, names of sheets. */
export const print = {
  exported: (by: string, at: string) => `导出人：${by}　导出时间：${at}`,
  asOf: (day: string) => `截至 ${day}`,
  period: (from: string, to: string, isByEvent: boolean) => `${isByEvent ? '发生日期' : '受理日期'} ${from} 至 ${to}`,
  masked: '姓名、电话等已脱敏',
  revealed: '含未脱敏的个人信息，请妥善保管，用后销毁',
  sheet: (month: string) => `${month.slice(0, 4)}年${Number(month.slice(5))}月`,
  signatures: ['制表人', '审核人', '负责人', '日期'],
  empty: '本期没有记录。',
  page: { before: '第 ', between: ' 页 共 ', after: ' 页' },
  /** names of the fonts that official documents use, as the word processors of offices know them */
  office: { title: '方正小标宋简体', heading: '黑体', text: '仿宋' },
  fonts: {
    title: '"方正小标宋简体","FZXiaoBiaoSong-B05S","Noto Serif CJK SC","SimSun",serif',
    text: '"仿宋","FangSong","仿宋_GB2312","Noto Serif CJK SC","文泉驿正黑",serif',
  },
  /** columns that hold sentences, and need room */
  wide: [
    '反映内容',
    '被告知理由及有无书面依据',
    '协调内容',
    '议定意见',
    '督办事由',
    '督办要求',
    '办理情况',
    '督办人核查意见',
    '意见建议',
    '经验/整改措施',
    '材料清单',
    '材料交接',
  ] as readonly string[],
} as const
