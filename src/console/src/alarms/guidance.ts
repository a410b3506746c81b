/*
 * What an alarm means, what a person is to do, and what comes of doing nothing; for every code of the server's catalog, which a test reads. An
 * alarm without something to do would be no alarm. Chinese, then English. Apart from the other words because only the alarm pages need them.
 */

type Text = readonly [chinese: string, english: string];

export interface Guidance {
  means: Text;
  act: Text;
  otherwise: Text;
}

export const guidance: Record<string, Guidance> = {
  linkLost: {
    means: ['地面站已收不到该机的心跳。飞行器正按机内设定的失联程序自行处置。', 'No heartbeat reaches us. The aircraft acts by its own lost-link plan.'],
    act: ['在“实时”中查看失联预案和最后位置；检查电台、网络和天线；通知现场人员观察返航。', 'Look at the lost-link plan and the last position under Live; check radio, network and antenna; tell people on site to watch for its return.'],
    otherwise: ['无法向其下达指令，画面中断；若预案不当，飞行器可能在无人监视下降落。', 'It cannot be commanded and there is no picture; with a wrong plan it may come down unwatched.'],
  },
  lowBattery: {
    means: ['飞控判定电量低于阈值。', 'The autopilot judges the battery to be below its limit.'],
    act: ['令其返航，或就近降落；需要时派另一架接替。', 'Bring it home or let it land nearby; send another one where it is still needed.'],
    otherwise: ['电量继续下降后飞控会自行返航或就地降落。', 'As it falls further, the autopilot returns or lands by itself, wherever it is.'],
  },
  failsafe: {
    means: ['飞控检测到故障并已自行处置（返航、降落或悬停）。', 'The autopilot found a failure and acts on it by itself: it returns, lands or holds.'],
    act: ['查看飞控的告警原文；不要立即改回原模式；确认落点安全并通知现场。', 'Read the autopilot’s own words; do not switch the mode back at once; make sure that the place where it lands is safe.'],
    otherwise: ['飞行器按自身判断完成处置，可能降落在不合适的地点。', 'It finishes what it began, and may land where it should not.'],
  },
  fenceBreach: {
    means: ['飞行器已越出机内电子围栏。', 'The aircraft has left the fence that it carries.'],
    act: ['接管控制，令其返回围栏内；核对定位质量和风况。', 'Take control and bring it back inside; check its position quality and the wind.'],
    otherwise: ['可能进入禁飞区或超出批准空域。', 'It may enter a no-fly zone or leave the approved airspace.'],
  },
  identityConflict: {
    means: ['两架飞行器使用同一系统号应答，服务已停止向该号发送任何指令。', 'Two aircraft answer under one system id; no command is sent to that id.'],
    act: ['让其中一架断电，或更改其系统号。', 'Switch one of them off, or change its system id.'],
    otherwise: ['两架均不能指挥，航迹相互混淆。', 'Neither can be commanded, and their tracks are mixed up.'],
  },
  rebooted: {
    means: ['飞控在空中重新启动。', 'The autopilot started again in the air.'],
    act: ['立即令其就近降落；落地后停飞检查供电。', 'Let it land nearby at once; ground it and check its power supply.'],
    otherwise: ['可能再次重启并失控。', 'It may happen again, and end in a crash.'],
  },
  outcomeUnknown: {
    means: ['指令已发出，但没有收到结果，也看不到效果。', 'A command was sent; neither an answer nor an effect was seen.'],
    act: ['先看飞行器的实际状态，再决定是否重发。', 'Look at what the aircraft really does before you send it again.'],
    otherwise: ['盲目重发可能使动作执行两次。', 'Sent again blindly it may be done twice.'],
  },
  signatureRefused: {
    means: ['收到未签名或签名错误的报文，已拒收。', 'Unsigned or wrongly signed messages arrive and are refused.'],
    act: ['查明来源地址；若是本单位设备，重新配置密钥；若不是，报告网络安全人员。', 'Find out who sends from that address; give your own device its key, report anybody else.'],
    otherwise: ['自己的飞行器无法接入，或有人正在尝试冒充。', 'One of your aircraft stays unheard, or somebody goes on trying to pass for one.'],
  },
  endpointConflict: {
    means: ['另一来源使用了该机的系统号，服务不予理睬。', 'Another source speaks with this aircraft’s id and is not listened to.'],
    act: ['核对来源地址，关闭多余的地面站或转发。', 'Check the address; close the second ground station or relay.'],
    otherwise: ['若原链路中断，识别身份会被延误。', 'Should the first link fail, it takes longer to know who is who.'],
  },
  assignmentLost: {
    means: ['更高级别的任务调用了这架飞行器。', 'A more important task has taken the aircraft.'],
    act: ['为原任务另派飞行器，或安排补飞。', 'Give the first task another drone, or plan it again.'],
    otherwise: ['原任务无人执行。', 'The first task is not done.'],
  },
  incidentWaits: {
    means: ['紧急警情超过规定时间仍无飞行器。', 'An urgent incident has had no drone for longer than allowed.'],
    act: ['打开警情查看各机不能出动的原因；调用执行低级别任务的飞行器，或增派地面警力。', 'Open the incident and read why no drone can go; take one from a lesser task, or send a ground crew.'],
    otherwise: ['现场持续没有空中画面。', 'The scene stays without a picture.'],
  },
  droneLostOnWay: {
    means: ['派往警情的飞行器在途中失联或已落地，不会到达。', 'The drone sent to an incident lost its link or came down on the way; it will not arrive.'],
    act: ['为该警情另派一架；通知飞手处置原机。', 'Send another one to the incident; tell the pilot about the first.'],
    otherwise: ['警情显示已派机，实际没有飞行器到场。', 'The incident looks served, and nobody comes.'],
  },
  placeInNoFlyZone: {
    means: ['警情地点位于生效中的禁飞区，飞行器不会进入。', 'The incident’s place lies in a no-fly zone that is in force; no drone goes there.'],
    act: ['派地面警力；需要飞行时申请临时批准，或在区外选择观察点。', 'Send a ground crew; ask for an approval, or choose a place outside from where it can be seen.'],
    otherwise: ['该警情不会自动派机。', 'No drone is sent to it by itself.'],
  },
  crewNeedsHelp: {
    means: ['现场警组在手机上请求支援。', 'A crew at the scene has called for help on its phone.'],
    act: ['立即通过电台呼叫该警组；增派就近警力，飞行器镜头对准现场。', 'Call the crew by radio at once; send the nearest crews, and keep the camera on the place.'],
    otherwise: ['警组在现场孤立无援。', 'The crew stays alone.'],
  },
  purposeMissing: {
    means: ['该架次已结束，但没有填写飞行目的。', 'The flight is over, and nobody has said what it was for.'],
    act: ['在“架次”中打开该架次，补录飞行目的和理由。', 'Open the sortie and enter its purpose with the reason.'],
    otherwise: ['航时统计和审计中会留下目的不明的飞行。', 'Flight hours and audit keep a flight that nobody can account for.'],
  },
  webhookStopped: {
    means: ['接收方答复 410 或 415：它已永久停用，或不接受事件格式，推送已停止。', 'The receiver answered 410 or 415: it is gone for good, or does not take the format. Nothing is sent to it.'],
    act: ['联系对方系统；在“设置 · 事件推送”中改正地址后重新启用，或删除该订阅。', 'Call the other system’s people; correct the address under Settings, Webhooks and switch it on again, or delete it.'],
    otherwise: ['对方系统收不到警情和飞行器的变化。', 'The other system hears nothing of incidents and drones.'],
  },
  videoRoomLow: {
    means: ['录像快占满配额，或磁盘剩余空间不多。', 'Recordings have nearly filled their quota, or the disk has little room left.'],
    act: ['请管理员扩大配额或磁盘，或调整不再需要的录像的保存类别；有法律保留的录像不会删除。', 'Have the administrator raise the quota or add room, or give recordings that are not needed a shorter class; what is under a hold is never deleted.'],
    otherwise: ['占满后停止录像；审计日志和数据库仍有空间。', 'When it is full nothing is recorded any more; the audit log and the database keep their room.'],
  },
  videoRoomFull: {
    means: ['录像已占满配额或磁盘，所有录像已停止，实时画面不受影响。', 'Recordings have filled their quota or the disk: all recording has stopped; live pictures go on.'],
    act: ['立即请管理员腾出空间；现场需要取证的，用其他设备记录。', 'Call the administrator to make room at once; where evidence is needed now, record it by other means.'],
    otherwise: ['飞行没有录像；有空间后自动继续，期间记为缺口。', 'Flights are not recorded; recording goes on by itself when there is room, and the time between is a gap.'],
  },
  maintenanceDue: {
    means: ['飞行器的某项维护已到期或即将到期（按小时、起落或日历，先到为准）。', 'Some maintenance of the aircraft is due or comes due: by hours, landings or calendar, whichever is first.'],
    act: ['在“机队”中打开该机查看项目；安排维护，完成后登记；勤务中另派飞行器。', 'Open the aircraft under Fleet and see which; have it done and enter it; plan another drone for its duty.'],
    otherwise: ['到期后停飞的项目会使该机不再被派出，巡逻和警情少一架可用。', 'A plan that grounds keeps it from being sent, and patrols and calls have one drone less.'],
  },
  batteryWorn: {
    means: ['电池循环次数达到上限，或健康度低于下限。', 'The pack has reached its cycles, or its health is below the limit.'],
    act: ['把该电池移出使用并更换；在“机队”的电池表中核对序列号。', 'Take the pack out of use and replace it; check its serial number in the table of batteries under Fleet.'],
    otherwise: ['续航短于预计，低电量返航增多，空中掉电的风险上升。', 'It flies shorter than planned, comes home early more often, and may fail in the air.'],
  },
  notRecorded: {
    means: ['该机正应录像，但录像中断且无法继续：磁盘写入失败或没有空间。', 'This camera should be recorded and is not: the disk fails or has no room.'],
    act: ['检查磁盘；重要现场改派另一架，或用其他设备记录。', 'Look at the disk; send another drone to an important scene, or record by other means.'],
    otherwise: ['现场没有录像证据。', 'There is no recorded evidence of the scene.'],
  },
  cameraDuty: {
    means: ['镜头未按航段职责工作：途中或禁录区内在录像、现场未录像，或途中镜头朝下。', 'The camera does not do what the leg asks: recorded on the way or in a no-record zone, not recorded at the scene, or looking down on the way.'],
    act: ['途中：停止录像并将镜头抬平；现场：开始录像。', 'On the way: end the recording and level the camera. At the scene: begin to record.'],
    otherwise: ['已记入审计，督察会要求说明；路人被无故拍摄，或现场没有录像证据。', 'It is in the audit log and will want an explanation: people were filmed without cause, or the scene has no recorded evidence.'],
  },
  auditNotWritable: {
    means: ['审计日志无法写入，需要留痕的操作全部停止。', 'The audit log cannot be written; whatever needs an entry is not done.'],
    act: ['立即通知系统管理员检查磁盘；在飞飞行器由飞手用遥控器接管。', 'Call the administrator to look at the disk; pilots take over by remote control what flies.'],
    otherwise: ['派机、起飞等操作不可用。', 'Dispatch and take-off stay impossible.'],
  },
  alarmFlood: {
    means: ['十分钟内告警过多，注意和提示已合并到本条；警告仍单独显示。', 'Too many alarms in ten minutes: cautions and advisories are put together here; warnings still stand by themselves.'],
    act: ['先处置警告；再展开本条，寻找共同原因。', 'See to the warnings first; then open this one and look for what its members have in common.'],
    otherwise: ['真正紧急的情况可能被淹没。', 'What is really urgent may drown.'],
  },
};
