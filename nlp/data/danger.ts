/** Whoever is in danger gets a person at once: a word too many here costs a call, a word too few may cost a life. */

/** Plain words of danger: beside them the model needs less to be believed. */
export const plain =
  /不(?:想|要)再?活(?!动|期|泼)|活(?:不下去|够了|腻)|自杀|自尽|自焚|轻生|寻短见|遗书|割腕|跳(?:楼|河|江|桥|井)|上吊|想不开|一了百了|同归于尽|想死|去死|弄死|砍死|捅死|杀(?:了|人|死|光|全家)|炸(?:了|掉|平|你|死)|要去?炸|没死成|活不成|别活|草甘膦|百草枯|敌敌畏|救命|救救|救护车|快来人|出人命|不行了|家暴|打(?:我|她|孩子|老人|死)|掐|绑架|拐(?:走|卖)|强奸|猥亵|性侵|着火|起火|失火|爆炸|漏气|煤气|中毒|触电|溺水|落水|晕倒|昏迷|昏倒|没气|喘不|抽搐|脸(?:色)?(?:发|煞)[灰紫青白]|说不(?:了|出)话|嘴歪|吐血|大出血|血流|困在|塌了|被埋|走丢|走失|失踪|不见了|没回家|饿|冻|去陪(?:我|她|他|你)|报警|羊水|(?<!\d)1(?:10|19|20)(?!\d)/

/** The plainest in bare pinyin, of which the model has seen too little; blanks part the syllables. */
export const spelt =
  / (?:bu xiang (?:zai )?huo|huo bu xia qu|huo gou le|huo zhe mei|tiao lou|tiao he|tong gui yu jin|xiang si|yao si|qu si|bu ru si|zi sha|qing sheng|shang diao|ge wan|he nong yao|jiu ming|jiu jiu wo|sha ren|sha le|nong si|zhao huo le|qi huo le|lou qi le|mei qi xie lou|da wo|xiang bu kai) /

/** Said of oneself it means one thing only. */
export const unmistakable = /(?:我|俺)(?:真的?|都|实在|是|有点|快|就)*想不开(?:了|$|[，。！!])/

/** What voice input makes of 自杀, and what stands for 想死; nothing else is written so. */
export const misheard = /自[沙鲨刹莎煞](?![发场石车])|想[4四](?:了|$|[，。！!])|自\s杀/

/** Not danger, but it cannot wait. */
export const urgent: readonly RegExp[] = [
  /(?:明天|今天|今晚|后天|马上|眼看|这两天)[^，。]{0,6}(?:就)?(?:到期|截止|过期|最后一天|要用|要走|飞|出国|开学|手术|交房|开庭|用)|最后一天|等(?:着)?(?:用|手术|做手术|住院|出院|救治|交钱)|急(?:用|需|着用|等着)|(?:十万|万分|非常|特别)(?:火急|紧急|着急)|加急|紧急|(?:断|停)(?:了)?(?:水|电|气|暖)(?!费)(?:了|好|\d|[一二三四五六七八九十几]天)|住院|手术|病(?:危|重|情)|透析|化疗|癌|(?:孩子|娃)[^，。]{0,6}(?:上不了学|没学上|开学)|没(?:钱|饭)(?:吃饭|看病|吃)|等米下锅|揭不开锅|无家可归|没地方住|流落|拖欠[^，。]{0,6}(?:工资|工钱)|血汗钱/,
]
