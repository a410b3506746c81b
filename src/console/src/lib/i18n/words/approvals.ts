import type { Words } from './words';

/** The register of written approvals. */
export const approvals = {
  'approval.title': ['飞行审批', 'Approvals'],
  'approval.text': ['登记批准飞行的文件。架次以编号为依据时，按此核对空域、高度、有效期和用途。', 'The documents that allow flights. A sortie that names one as its authority is held against its area, height, time and purposes.'],
  'approval.text.read': ['架次写明审批编号的，按此登记核对。登记由管理员在“设置”中维护，每次改动都在审计日志中。', 'Sorties that name an approval are held against this register. The administrator keeps it under Settings, and each change is in the audit log.'],
  'approval.none': ['还没有登记审批', 'No approvals are registered'],
  'approval.none.text': ['在登记第一份之前，不核对架次所写的编号。', 'Until the first one is entered, the numbers that sorties name are not checked.'],
  'approval.new': ['登记审批', 'Enter an approval'],
  'approval.new.text': ['按批准文件填写。一份文件批准多处空域的，每处登记一次，编号相同。', 'As it stands on the document. One for several areas is entered once for each, under the same number.'],
  'approval.number': ['编号', 'Number'],
  'approval.authority': ['批准机关', 'Given by'],
  'approval.place': ['空域', 'Area'],
  'approval.ceiling': ['限高', 'Up to'],
  'approval.aboveGround': ['相对起飞点', 'above home'],
  'approval.amsl': ['海拔', 'above sea level'],
  'approval.from': ['生效', 'From'],
  'approval.to': ['失效', 'Until'],
  'approval.purposes': ['用途', 'Purposes'],
  'approval.purposes.text': ['不选为不限', 'none chosen: any'],
  'approval.any': ['不限', 'any'],
  'approval.document': ['文件', 'Document'],
  'approval.waits': ['未生效', 'not yet'],
  'approval.holds': ['有效', 'holds'],
  'approval.over': ['已失效', 'over'],
  'approval.remove': ['删除', 'Delete'],
  'approval.remove.confirm': ['再按一次删除', 'Press again to delete'],
} satisfies Words;
