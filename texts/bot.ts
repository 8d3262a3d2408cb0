/** What the bot says outside guides and intake: greetings, doors, people, danger, other doors by law. */

export const doors = [
  { value: 'door:how', text: '不知怎么办' },
  { value: 'door:where', text: '不知哪里办' },
  { value: 'door:cannot', text: '办不了怎么办' },
] as const
export const progressDoor = { value: 'door:progress', text: '查进度' } as const
export const humanDoor = { value: 'human', text: '转人工' } as const
/** An answer that is likely and not sure can be sent back with one tap. */
export const wrongGuide = { value: 'wrong', text: '不是这件事' } as const
export const noneOfThese = { value: 'none', text: '都不是' } as const
export const newCaseDoor = { value: 'case:new', text: '另开一件' } as const

export const when = {
  today: '今天',
  tomorrow: (full: string) => `明天（${full}）`,
  date: (month: number, day: number, weekday: number) => `${month}月${day}日 周${'日一二三四五六'[weekday] ?? ''}`,
  time: (hour: number, minute: number) => {
    const part = hour < 12 ? '上午' : hour === 12 ? '中午' : '下午'
    return `${part}${hour > 12 ? hour - 12 : hour}点${minute > 0 ? `${minute}分` : ''}`
  },
} as const

export const bot = {
  stop: '。',
  toConfirm: '还要向窗口确认',
  untold: '未说明的事项',
  greeting: (city: string) => `您好，我是${city}“办不成事”窗口的小助。想办什么、卡在哪了，说一句就行。`,
  english:
    'Sorry, I only understand Chinese or pinyin. Please say the matter in a few Chinese words, or tap “转人工” for a person. For visas and residence you can call 12367, which has foreign-language service.',
  lonely: '好，您说，我听着。心里闷得慌可以打 12356（心理援助，全国都通），有人陪您聊；想跟这儿的人说，点“转人工”。',
  thanks: '不客气，应该的。还有别的事您随时说。',
  thanksShort: '不客气。',
  free: '不收钱，登记、催办、转人工都免费。窗口办证收不收费，说是哪件事我告诉您。',
  trust: '这里是政府的“办不成事”窗口，不收钱，也不要密码和验证码。不放心可以打 12345 核实。',
  hall: '办什么事去哪家的窗口，各不一样。您说是哪件事，我告诉您去哪儿；地址拿不准打 12345 问。',
  lost: '别急，您想办的是哪件事？说个大概就行，比如“孩子上户口”；不想说也可以转人工。',
  goodbye: '好的，您慢走。有事随时来说一声，我一直在。',
  offtopic: '这个我帮不上，我只管政务办事。办什么证、去哪办、办不下来，都可以问我。',
  abuse: '让您这么上火，是我们没做好，对不住。您说说卡在哪件事上，我来记、来催。',
  whoAmI: '我是窗口的智能小助，不是真人。我能查办事指南、登记办不成的事、查进度，也能马上给您转人工。',
  refuseReveal: '别人的信息和系统里的东西我不能给，也改不了规矩。您自己的事，我来帮。',
  here: '在的，您说。',
  whatNow: '别急，两条路：我先把事登记下来请人办，或者马上给您转人工。您看哪个？',
  listening: '您问，我听着。想办什么事，在哪卡住了，说一句就行。',
  denied: '好。那您说说是哪件事、卡在哪了，我接着办。',
  ack: '好的。还有什么要问的，直接说就行。',
  media: {
    image: '图片收到了，已经和对话存在一起。麻烦用一句话说说是什么事，我好往下办。',
    voice: '语音收到了，可惜我还听不了。麻烦打几个字，或者让家里人帮着打；也可以转人工。',
    video: '视频收到了，已经和对话存在一起。麻烦用一句话说说是什么事。',
    file: '文件收到了，已经和对话存在一起。麻烦用一句话说说是什么事。',
    location: '位置收到了。您是想问哪件事在哪儿办？说个事项名就行。',
  },
  mediaKept: (kind: string) => `${kind}收到了，登记时一起放进您的件里。`,
  mediaNoted: (number: string) => `收到，已经和编号 ${number} 的件放在一起，同事办的时候看得到。`,
  mediaNote: (kind: string, name: string | undefined) => `【市民发来${kind}${name ? `：${name}` : ''}】`,
  mediaKinds: { image: '图片', voice: '语音', video: '视频', file: '文件' },

  apology: '对不住，我这边出了点问题，没接住您这句话。您说的已经存下了，我请同事来接着帮您。',
  apologyDanger: '如果有人有危险，请马上打 110（报警）或 120（急救），心里难受可以打 12356。我这边出了点问题，已经在叫同事。',
  sameAgain: '同样的话我收到好几遍了，都存下了。我请同事来看，在这之前先不重复回您；您换句话说，我马上接着答。',
  stuckLoop: '我总说这一句，耽误您了。我请同事来跟您说。',

  queued: '好，已经在叫同事了。人来之前我在，您接着说，我都记着。',
  queuedClosed: (when: string) => `好，已经给您排上了。现在是下班时间，${when}上班后同事就接。您先说，我都记着。`,
  queuedNobody: '好，已经给您排上了，同事这会儿都在忙，一有空就接。您先说，我都记着。',
  queuedAlready: '已经排上了，同事一有空就来。您接着说，我都记着。',
  queuedNoted: '记下了，同事接手时看得到。',
  queuePhone: '方便的话留个手机号，免得断线找不到您。',
  leftQueue: '好，那先不转了。您接着说，我来办。',
  leftQueueFor: (title: string) => `好，那先不转了。您问的是「${title}」吧？点一下就看，办不下来就登记。`,
  queueReasons: {
    asked: '市民要求转人工',
    missed: '多次没有答上',
    fault: '小助出错',
    loop: '小助重复同一句话',
    machine: '对方反复发同样的话，可能是自动回复',
    danger: '可能有人身危险',
    outside: '市民想找人说说',
    rejected: '答案不对',
  },

  notedFacts: '记下了。您是什么事没办成，卡在哪了？',
  miss: '这句我没太听明白。您换个说法，或者直接说想办什么、卡在哪了？',
  missAgain: '还是没对上，不是您的问题。要不我请同事来，还是您再说说？',
  missNone: '这件事我手里没有现成的指南，不敢乱说。您可以再说具体点，也可以让同事来答，或者我先登记。',
  register: { value: 'door:cannot', text: '登记，请人来办' },
  ended: '这次咨询就到这里。您的事解决了吗？',
  reachByText: '好的，以后您的工单有消息，先发短信告诉您。想改回来，在微信里说“以后用微信通知我”就行。',
  reachHere: '好的，以后您的工单有消息，先在这里告诉您；这里发不到时改发短信或打电话。',
  helped: { value: 'helped', text: '解决了' },
  giveUp: '这个我答不了，别耽误您，我请同事来。',

  feedbackSorry: '对不住，答偏了。您看是不是这几个？',
  feedbackSorryNone: '对不住，答偏了。您换个说法，或者我请同事来。',
  feedbackUnhappy: '对不住，让您不满意了。您说说是哪件事、卡在哪了，我来记、来催。',
  feedbackThanks: '能帮上就好。还有别的事您随时说。',

  crisis:
    '您先别着急，我们很担心您。有危险请马上打 110（报警）、120（急救）或 119（火灾、漏气），心里难受打 12356（心理援助，全国都通）。我已经在叫同事，马上来。',
  crisisStay: '我在，您说的我都记着。同事正在来，要是情况急，110、120、12356 随时能打通。',
  crisisStayMore: '我一直在，您不是一个人。同事已经知道您的情况了，您身边现在有人吗？急的话先打 110、120。',
  crisisStayPlaced: '我在，您在的地方记下了，已经转给同事。电话方便留一个吗？情况急就直接打 110、120。',
  crisisStayPhone: '我在，您说的我都记着。方便的话告诉我您在哪儿、电话多少，同事好马上找到您。急的话直接打 110、120。',
  crisisPhone: '能告诉我您在哪儿、电话多少吗？不想说也没关系。',
  crisisMatter: '可能有人身危险，需要马上联系',
} as const

export const boundary = {
  litigation: '法院的判决和执行，我们这儿不能插手，得走法院。打 12368 问案件，请律师或法律援助打 12348。',
  arbitration: '这件事按规定先走仲裁。劳动争议到劳动人事争议仲裁委，政策打 12333 问，法律援助打 12348。',
  petition: '信访的事项由信访部门受理和答复，我们这儿不能代办。可以到国家信访局网上信访平台，或打 12345 问。',
  discipline: '反映公职人员违纪违法，要找纪检监察机关。打 12388，或上 12388.gov.cn 举报，可以保密。',
  review: '对处罚或决定不服，可以在知道之日起 60 日内申请行政复议。找作出决定的机关的本级政府复议机构（司法局），不清楚打 12348。',
  disclosure: '要公开政府文件，走政府信息公开申请，向保存它的单位的公开机构提出，一般 20 个工作日内答复。不知找谁打 12345。',
} as const
export const boundaryNext = '要是还有窗口没给办成的事，我可以登记；想找人说说，也可以转人工。'

/** What is kept of a citizen, asked for in the talk. */
export const own = {
  /** where the address goes in when the message is sent */
  place: '〔我的信息〕',
  page: (minutes: number) => `打开这个链接，能看、下载、更正、删除您在这里留下的信息，${minutes} 分钟内有效，别转给别人：〔我的信息〕`,
  here: '点页面上的“我的信息”，能看、下载、更正、删除您留下的信息。',
  person: '记下了，转给工作人员办，会在这里回复您。急用的话带身份证到窗口办。',
  personOrLeave: '记下了，转给工作人员办，会在这里回复您。您取消关注本号，这里的对话也会马上删掉；登记过的件依法留存。',
  reasons: { take: '市民要导出自己的信息', delete: '市民要删除自己的信息' },
} as const

export const progress = {
  ask: '把受理编号发我，再加上查询码或登记的手机号，就能查。',
  askProof: (number: string) => `编号 ${number}，再给我查询码或登记时的手机号，对上了才能说。`,
  wrong: '编号和查询码（或手机号）没对上，查不到。您核对一下，或者带身份证到窗口查。',
  forgotCode: '没有查询码也不要紧：发登记时留的手机号，或者带身份证到窗口查。',
  forgot: '没有编号也不要紧：带身份证到窗口能查，或者我转人工帮您找。',
  several: '您名下有这几件，看哪一件？',
  none: '这次对话里还没有登记过。有编号的话，连查询码或手机号一起发我。',
  line: (number: string, matter: string, stage: string) => `编号 ${number}「${matter}」：${stage}。`,
  due: (day: string) => `最晚${day}有结果。`,
  byLatest: '最迟',
  reply: (text: string, basis: string) => `答复是：${text}（依据：${basis}）`,
  next: '要补充什么，直接说，我加进去。',
  urge: { value: 'urge', text: '催一下' },
  urged: (number: string) => `已经催了，编号 ${number}，您这句话同事看得到。`,
  urgeNote: (words: string) => `【市民催办】${words}`,
} as const

export const survey = {
  solved: [
    { value: 'solved:yes', text: '办成了' },
    { value: 'solved:partly', text: '办成一部分' },
    { value: 'solved:no', text: '没办成' },
    { value: 'solved:explained', text: '没办成，但讲清楚了' },
  ],
  askRating: '记下了。这次办得怎么样？',
  ratings: [
    { value: 'rate:5', text: '非常满意' },
    { value: 'rate:4', text: '满意' },
    { value: 'rate:3', text: '基本满意' },
    { value: 'rate:2', text: '不满意' },
    { value: 'rate:1', text: '非常不满意' },
  ],
  askReason: '让您不满意了，对不住。主要是哪儿没办好？说一句或点一个都行。',
  reasons: [
    { value: 'reason:notExplained', text: '没一次讲清' },
    { value: 'reason:attitude', text: '态度不好' },
    { value: 'reason:passedAround', text: '推来推去' },
    { value: 'reason:late', text: '太慢' },
    { value: 'reason:noBasis', text: '没说依据' },
    { value: 'reason:trips', text: '让我多跑' },
    { value: 'reason:other', text: '其他' },
  ],
  thanks: '谢谢您告诉我们，记下了。还有事随时来。',
  reopened: '记下了。这件事没完，已经重新办，会有更高一级的同事联系您。',
  again: '没听清，您点一个就行。',
  later: '好，那就不打扰了。以后想说随时来。',
} as const
