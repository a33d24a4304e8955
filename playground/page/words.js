// What the page says. Everything that a person or a bot wrote comes from elsewhere.
export const W = {
  title: "海棠", subtitle: "演示场",
  people: "人和群", addPerson: "添一个人", addPersonHint: "起个名字", add: "添加", group: "群",
  openedLink: "打开的链接（可以不填）", openedLinkHint: "贴上链接，或 start= 后面的字",
  noBot: "还没有机器人连上来", noBotHow: "让机器人用下面的地址，令牌随便写一个（数字:任意字）：",
  bot: "机器人", typing: "正在输入…", members: (n) => `${n} 个人`,
  start: "开始", unblock: "解除屏蔽，重新开始", notMember: "不在这个群里", join: "加入",
  write: "写消息…", writeProblem: "如：3号楼灯坏了", send: "发送", attach: "附件", menu: "菜单", commands: "命令",
  more: "更多", close: "收起这部手机", phoneOf: (n) => `${n}的手机`, asWhom: "以谁的身份",
  block: "屏蔽机器人", openLink: "打开链接…", leave: "退出这个群", deactivate: "注销账号",
  edited: "已编辑", forwardedFrom: "转发自", pinned: "置顶消息", you: "你",
  reply: "回复", edit: "修改", remove: "删除", forward: "转发给机器人", copy: "复制文字", cancel: "取消",
  editing: "修改消息", replying: "回复", ok: "确定", unread: (n) => `${n} 条未读`,
  photoFile: "照片、文件…", samples: "现成的照片", voice: "语音", location: "位置", contact: "我的名片",
  poll: "投票", record: "录音", sampleVoice: "现成的一段", stop: "停，发送", dice: "骰子", video: "视频",
  sendPhotos: (n) => (n > 1 ? `发送 ${n} 张` : "发送"), chosen: "点选一张或几张，几张会成为相册",
  pickPlace: "点一下地图，或用方向键移动", latitude: "纬度", longitude: "经度", map: "小区地图",
  question: "问题", options: "选项，一行一个", votes: (n) => `${n} 票`, anonymous: "匿名投票",
  publicPoll: "公开投票", closedPoll: "投票已结束", nothingHere: "这里还没有消息", noPhone: "点一个头像，拿出他的手机", messages: "消息",
  whoOpens: "谁来打开这个链接？", newcomer: "一个新来的人…", outside: "这个链接通向外面，演示场不去：",
  copied: "已复制", dropHere: "松开就发送", file: "文件", downloads: "下载", bytes: (n) => n < 1024
    ? `${n} B` : n < 1048576 ? `${(n / 1024).toFixed(1)} KB` : `${(n / 1048576).toFixed(1)} MB`,
  services: {
    new_chat_members: (m) => `${m.new_chat_members.map((u) => u.first_name).join("、")} 进了群`,
    left_chat_member: (m) => `${m.left_chat_member.first_name} 离开了`,
    pinned_message: () => "置顶了一条消息", migrate_to_chat_id: () => "这个群升级成了超级群",
    migrate_from_chat_id: () => "由普通群升级而来", group_chat_created: () => "建了群",
  },
  kinds: { photo: "照片", video: "视频", voice: "语音", audio: "音频", document: "文件", location: "位置",
    contact: "名片", poll: "投票", sticker: "贴纸", video_note: "圆视频", animation: "动图", dice: "骰子" },
  // time
  clock: "演示场的时间", ahead: { 600: "+10 分钟", 3600: "+1 小时", 21600: "+6 小时" },
  next: "到下一个时限", speed: "走得多快",
  rates: { 0: "停住", 1: "1 倍", 60: "60 倍", 600: "600 倍" }, moving: "时间在走…", halt: "停下",
  // panel
  panel: "玻璃后面", showPanel: "看后台", phones: "手机",
  tabs: { tickets: "工单", stories: "故事", calls: "调用", faults: "机器人" },
  noTickets: "还没有工单。让陈师傅发一句「3号楼下充电桩坏了」，再点「提交」。",
  handler: "经办", offered: "派给", resident: "居民", plan: "方案", told: "已告知居民", late: "已超时", near: "快到时了",
  untold: "没有送到", urgent: "紧急", diagram: "状态图", steps: "经过", clocks: "时限", timers: "接下来到时的",
  owed: "发件箱还欠的", noneOwed: "没有欠着的消息", noTimers: "没有等着的时限", noClocks: "没有在走的时限",
  due: "到", pausedClock: "停着", left: "还有", over: "超过", rang: "已响", promise: "承诺",
  outboxStates: { queued: "待发", parked: "搁置", dead: "发不出" }, tries: (n) => `试过 ${n} 次`,
  // stories
  step: "下一步", play: "讲下去", pause: "停一停", again: "从头讲", pace: "快慢",
  paces: { 0: "不停顿", 1: "每步 1 秒", 3: "每步 3 秒" }, storyEnd: "讲完了",
  // calls
  filter: "按方法、参数、回答查找", onlyFailed: "只看没成的", hidePolls: "不看 getUpdates",
  clear: "清空", params: "参数", answer: "回答", noCalls: "还没有调用", fault: "故障", callsShown: (a, b) => `${a} / ${b}`,
  // faults
  process: "机器人的进程", running: "在运行", stopped: "没有运行", waiting: (n) => `${n} 条消息它还没取走`,
  stopBot: "停（SIGTERM）", killBot: "杀（kill -9）", startBot: "启动", faults: "让下一次调用出错",
  method: "哪个方法", count: "几次", untilCleared: "一直", faultWaits: "等着发生的故障", noFaults: "没有",
  clearFaults: "全部取消，放开挂起的", account: "机器人的地址", token: "令牌", base: "Bot API 地址",
  noProcess: "这里的机器人由你自己启动和停止。",
  faultKinds: { 429: "429 太快了", 502: "502", drop: "办了，回执丢了", hang: "挂起 20 秒", stop: "断线，没办",
    html: "网关的 HTML", json: "半截 JSON", duplicate: "更新再来一遍" },
  limits: "速率限制（429）", limitsOn: "开着", limitsOff: "关着",
  // troubles
  offline: "连不上演示场，正在再试…", back: "又连上了", theme: "换明暗", shut: "收起",
  troubles: {
    "time is moving already": "时间正在走，等它走完", "the bot is still on its way": "机器人还在路上，稍等",
    "nothing is due": "没有等着的时限", "the story is at its end": "这个故事讲完了", "time was halted": "停下了",
    "the bot did not settle": "机器人没有在限时里忙完", "the bot runs already": "机器人已经在运行",
    "has voted already": "已经投过票了", "the bot is blocked": "机器人被屏蔽了",
  },
  weekdays: ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
  span: (s) => {
    const m = Math.round(Math.abs(s) / 60), d = Math.floor(m / 1440), h = Math.floor((m % 1440) / 60);
    return d ? `${d} 天 ${h} 小时` : h ? `${h} 小时 ${m % 60} 分` : `${m % 60} 分钟`;
  },
};
