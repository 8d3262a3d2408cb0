/** The name that an authenticator app shows beside the code. */
export const secondFactorIssuer = '办得成工作台'

/** The console's page of one's own account. */
export const account = {
  title: '我的账号',
  sessions: '登录中的设备',
  device: '设备',
  since: '登录时间',
  seen: '最近使用',
  current: '本机',
  end: '退出',
  endOthers: '退出其他设备',
  ended: '已退出',
  factor: '手机验证器',
  factorOn: '已绑定。登录时除密码外还要输入验证器上的 6 位动态码。',
  factorOff: '没有绑定。绑定后，别人知道了密码也登录不了。',
  forced: '您的账号必须先绑定手机验证器，才能使用工作台。',
  bind: '绑定',
  unbind: '解除绑定',
  scan: '用手机验证器扫码（不用联网），或手工输入密钥：',
  code: '动态码',
  confirm: '确认绑定',
  bound: '已绑定',
  unbound: '已解除',
  password: '修改密码',
  passwordNow: '请输入当前密码',
} as const

/** What the command that lets an administrator in again says. */
export const accountCommand = {
  usage: '用法：npm run account -- reset 账号\n  给账号一个新的一次性密码，并解除它的手机验证器和锁定。',
  unknown: (account: string) => `没有账号 ${account}。`,
  reset: (account: string, password: string) => `账号 ${account} 的一次性密码：${password}（登录后必须修改；验证器已解除，原来的登录都已退出）`,
} as const
