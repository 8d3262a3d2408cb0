/** Words about photos and papers that citizens send. */

export const fileProblems = {
  empty: '这个文件是空的，请重新选一个。',
  tooLarge: (most: number) => `文件太大了，一个最多 ${most} MB。照片可以用手机截个图再发，PDF 可以分成几份。`,
  heic: '这种照片（HEIC）这里打不开。请把照片截个图再发；或者在手机“设置→相机→格式”里选“兼容性最好”再拍。',
  kind: '只能发照片（JPG、PNG、WebP）和 PDF。Word、压缩包、网页这些请拍成照片，或者存成 PDF 再发。',
  name: '文件名和里面的内容对不上，为安全起见不能收。请改成照片或 PDF 再发。',
  brokenImage: '这张照片打不开，可能没拍完整或传坏了，请重新拍一张。',
  hugeImage: '这张照片的尺寸太大了，请截个图再发。',
  brokenPdf: '这份 PDF 打不开或不完整，请重新存一份，或者拍成照片发。',
  lockedPdf: '这份 PDF 加了密码，工作人员打不开。请去掉密码，或者拍成照片发。',
  activePdf: '这份 PDF 里带了程序或别的文件，为安全起见不能收。请打印成普通 PDF，或者拍成照片发。',
  tooMany: '今天发的文件太多了，先把要紧的说一说，其余的请带到窗口。',
  busy: '现在传文件的人太多，请过一会儿再试。',
  unknown: '这个文件没有传上来，请重新选一次。',
  expired: '链接已过期，请回到页面重新打开。',
  checking: '文件正在做安全检查，请稍后再看。',
  gone: '这个文件没有通过安全检查，已经删除。',
} as const

export const fileNotes = {
  refused: (name: string) => `您发的“${name}”没有通过安全检查，已经删除。请换一张照片或一份 PDF 再发；不方便的话带到窗口也行。`,
  unnamed: { image: '照片', file: '文件' },
  audit: 'file opened',
} as const

/** The button, the preview and the file in the talk. */
export const filePage = {
  add: '发照片或文件',
  hint: '照片或 PDF，一个最多 20 MB',
  uploading: (percent: number) => `正在传 ${percent}%`,
  waiting: '等网络好了接着传',
  send: '发这个',
  cancel: '不发了',
  preview: '要发的照片',
  checking: '正在做安全检查…',
  refused: '没有通过安全检查，已删除',
  gone: '打不开了',
  open: '打开',
  photo: (name: string) => `照片 ${name}`,
  size: (bytes: number) => (bytes < 1_048_576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`),
  papers: '材料',
  noPapers: '还没有材料。',
} as const
