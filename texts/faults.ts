/** What a fault of a platform or of our own work means to the person who must see to it; the first that fits. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/^platform was not reached|^fetch failed|ECONN|ENOTFOUND|ETIMEDOUT|timeout|aborted/i, '连不上对方平台，请查网络和防火墙'],
  [/gave no token|fetching the token/, '没取到平台的访问凭证，请查应用编号和密钥、服务器地址是否在平台白名单里'],
  [/answered (?:429|5\d\d)\b|takes no more messages|gave no connection/, '对方平台忙或限流，稍后会再试'],
  [/answered no page|answered no object|answered 4\d\d\b/, '对方地址答复不对，请查地址设置'],
  [/^platform answered|^vendor answered|^gateway did not take/, '对方平台不收，请按后面的错误码查平台说明'],
  [/knows no such person|no such person/, '平台上没有这个人，可能已离开或没绑定'],
  [/no message is left|48 hours|no form/, '这个渠道现在不能给他发了，改打电话'],
  [/is not set up|no group|no app|no template/, '这个渠道还没设置好，请补齐设置文件'],
  [/gave no file|file is too large/, '平台上的文件取不到或太大，请让市民再发一次'],
  [/the citizen has left/, '市民已取消关注，不能再发'],
  [/sent by hand/, '等人工发送'],
  [/whether the vendor took it/, '不知道短信公司收没收，别急着重发，先打电话问'],
  [/disk|SQLITE_FULL|ENOSPC|I\/O error/i, '磁盘写不进去，请查剩余空间'],
  [/SQLITE|database|Connection terminated/i, '数据库出错，请查数据库是否正常'],
]

/** In Chinese what a stored reason means; `reason` itself is for whoever repairs. */
export const faultMeaning = (reason: string): string => meanings.find(([fits]) => fits.test(reason))?.[1] ?? '程序没做成，请把后面的原文告诉维护人员'
