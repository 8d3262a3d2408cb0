/** What the commands of the office's IT people say. */
export const operations = {
  usage: {
    backup: '用法：npm run backup -- 目录\n  在该目录下生成以时间命名的备份；服务不用停。',
    restore: '用法：npm run restore -- 备份目录\n  只恢复到空库（DATABASE_URL 指向的库），不会覆盖已有数据。',
  },
  backedUp: (folder: string, rows: number, tables: number, files: number) =>
    `备份完成：${folder}（${tables} 张表，${rows} 行，市民发来的文件 ${files} 个）。密钥不在其中，请另外保存。`,
  keys: {
    usage:
      '用法：\n  npm run keys -- rotate [sm4]   生成新的数据密钥（加 sm4 用国密算法），重启全部进程后生效\n  npm run keys -- reseal         用新密钥重新加密原有数据，服务不用停',
    rotated: (file: string) => `新密钥已写入 ${file} 的末行。请先备份这个文件，再重启全部进程，然后运行 npm run keys -- reseal。原来的行不要删。`,
    add: (key: string) => `请把下面的新密钥加在 DATA_KEY 原值后面（中间一个空格），重启全部进程，然后运行 npm run keys -- reseal：\n${key}`,
    progress: (table: string, done: number) => `${table}：累计 ${done} 条`,
    resealed: (done: number) => `重新加密完成：${done} 条。`,
  },
  nothingToBackUp: '库里没有任何数据：请检查 DATABASE_URL 是否指向正在使用的库。',
  restored: (rows: number, at: string) => `恢复完成：${rows} 行，数据截至 ${at}。`,
  keyDoesNotFit: '数据已恢复，但当前密钥解不开其中的个人信息：请换回备份时使用的密钥（DATA_KEY 或 data/data.key），再运行 npm run audit。',
  faults: {
    notABackup: (detail: string) => `这不是一份完整的备份：${detail}`,
    damaged: (detail: string) => `备份已损坏，没有恢复任何数据：${detail}`,
    otherRelease: (detail: string) => `备份来自另一个版本（${detail}）：请先用当时的版本恢复，再升级。`,
    notEmpty: (detail: string) => `目标库不是空的（表 ${detail} 里有数据），没有恢复任何数据。请把 DATABASE_URL 指向一个新库。`,
  },
} as const
