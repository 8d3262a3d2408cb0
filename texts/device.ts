/** The computer or phone that a session is open on, in words that its owner recognises; the order matters, for browsers claim to be each other. */
const systems: readonly (readonly [RegExp, string])[] = [
  [/HarmonyOS|OpenHarmony/, '鸿蒙手机'],
  [/Android/, '安卓手机'],
  [/iPhone/, '苹果手机'],
  [/iPad/, '苹果平板'],
  [/Windows/, 'Windows 电脑'],
  [/Mac OS X/, '苹果电脑'],
  [/Linux|X11/, 'Linux 电脑（统信、麒麟等）'],
]
const browsers: readonly (readonly [RegExp, string])[] = [
  [/wxwork/i, '企业微信'],
  [/MicroMessenger/, '微信'],
  [/DingTalk/, '钉钉'],
  [/Edg\//, 'Edge 浏览器'],
  [/QQBrowser/, 'QQ 浏览器'],
  [/360SE|360EE|QIHU/, '360 浏览器'],
  [/Firefox\//, '火狐浏览器'],
  [/Chrome\//, 'Chrome 内核浏览器'],
  [/Safari\//, 'Safari 浏览器'],
]

export function deviceName(agent: string): string {
  const of = (known: typeof systems): string | undefined => known.find(([pattern]) => pattern.test(agent))?.[1]
  return [of(systems), of(browsers)].filter(Boolean).join('，') || '不认识的设备或程序'
}
