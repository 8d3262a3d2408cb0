/** Words of the console about cases that may be the same. */
export const alike = {
  title: '可能是同一件事',
  lead: '30天内有相像的工单。是同一件，就加到那件里，不再另立编号。',
  leadPage: '30天内有相像的工单。核对是同一件的，可以把本件并过去。',
  samePerson: '同一人',
  other: '他人',
  likeness: (percent: number) => `相似 ${percent}%`,
  add: '加到这件',
  added: (number: string) => `已加到 ${number}，请告知反映人用原来的编号查进度。`,
  merge: '并入这件',
  mergeReason: '核对为同一件事',
  confirmMerge: (from: string, into: string) => `确定把 ${from} 并入 ${into} 吗？并单后以 ${into} 为准，原编号仍可查询。`,
} as const
