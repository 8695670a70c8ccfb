<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="zh_CN">
<context>
    <name>Account</name>
    <message>
        <source> 导入 {n} 人  F10</source>
        <translation> Import {n}  F10</translation>
    </message>
    <message>
        <source>和已有的一样，没有改动</source>
        <translation>Everything is known already; no changes</translation>
    </message>
    <message>
        <source>导入 {n} 人：新增 {a} 户，更新 {u} 户</source>
        <translation>People imported: {n}; households new {a}, updated {u}</translation>
    </message>
    <message>
        <source>新增 {n} 人</source>
        <translation>new {n}</translation>
    </message>
    <message>
        <source>更新 {n} 人</source>
        <translation>updated {n}</translation>
    </message>
    <message>
        <source>和已有的一样 {n} 人</source>
        <translation>unchanged {n}</translation>
    </message>
    <message>
        <source>，</source>
        <translation>; </translation>
    </message>
    <message>
        <source>能导入的和已有的都一样，没有要导入的</source>
        <translation>everything is known already, nothing to import</translation>
    </message>
    <message>
        <source>没有一行可以导入</source>
        <translation>no row can be imported</translation>
    </message>
    <message>
        <source>{a} 行里有 {b} 行要改，改之前不会导入；其余：{come}。</source>
        <translation>Rows: {a}; to fix before import: {b}; the rest: {come}.</translation>
    </message>
    <message>
        <source>没有要改的，{n} 行有疑点，可以先导，以后核对：{come}。</source>
        <translation>Nothing to fix; doubtful rows, import now and check later: {n}; {come}.</translation>
    </message>
    <message>
        <source>{come}。</source>
        <translation>{come}.</translation>
    </message>
    <message>
        <source>列已对上 {a} / {b}</source>
        <translation>Columns matched {a} / {b}</translation>
    </message>
    <message>
        <source>，跳过标题、合计等 {n} 行</source>
        <translation>; heading or total rows skipped: {n}</translation>
    </message>
    <message>
        <source>；{n} 行没导，再打开这个文件接着改</source>
        <translation>; {n} row(s) left out, open the file again to go on</translation>
    </message>
</context>
<context>
    <name>Basics</name>
    <message>
        <source>性别、出生日期由身份号码自动得出</source>
        <translation>Sex and birth date come from the ID number</translation>
    </message>
    <message>
        <source>基本情况</source>
        <translation>Basics</translation>
    </message>
    <message>
        <source>户主姓名</source>
        <translation>Head&apos;s name</translation>
    </message>
    <message>
        <source>身份号码</source>
        <translation>ID number</translation>
    </message>
    <message>
        <source>网格</source>
        <translation>Grid</translation>
    </message>
    <message>
        <source>户编号</source>
        <translation>Household no.</translation>
    </message>
    <message>
        <source>自动</source>
        <translation>automatic</translation>
    </message>
</context>
<context>
    <name>Blocks</name>
    <message>
        <source>住房与土地</source>
        <translation>House and land</translation>
    </message>
    <message>
        <source>上年收入</source>
        <translation>Last year&apos;s income</translation>
    </message>
    <message>
        <source>其他</source>
        <translation>Other</translation>
    </message>
    <message>
        <source>耕地 {n} 亩</source>
        <translation>farmland {n} mu</translation>
    </message>
    <message>
        <source>人均纯收入 {n} 元</source>
        <translation>{n} yuan per head</translation>
    </message>
    <message>
        <source>纯收入 {n} 元</source>
        <translation>Net income {n} yuan</translation>
    </message>
    <message>
        <source>{whole}，{a_head}</source>
        <translation>{whole}, {a_head}</translation>
    </message>
    <message>
        <source>已填 {n} 项</source>
        <translation>{n} filled in</translation>
    </message>
    <message>
        <source>未填</source>
        <translation>empty</translation>
    </message>
</context>
<context>
    <name>CodeDialog</name>
    <message>
        <source>输代码或名称</source>
        <translation>Type a code or a name</translation>
    </message>
</context>
<context>
    <name>ConflictsPage</name>
    <message>
        <source>冲突</source>
        <translation>Conflicts</translation>
    </message>
    <message>
        <source>农户</source>
        <translation>Households</translation>
    </message>
    <message>
        <source>两边改了同一格，要人来选</source>
        <translation>Both sides changed one value; choose</translation>
    </message>
    <message>
        <source>返回农户</source>
        <translation>Back to households</translation>
    </message>
    <message>
        <source>没选上的值都留在历史里，随时能换回来。</source>
        <translation>Values not chosen stay in the history and can be taken back at any time.</translation>
    </message>
    <message>
        <source>没有冲突了</source>
        <translation>No conflicts left</translation>
    </message>
    <message>
        <source>待选</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>待选的冲突</source>
        <translation>Open conflicts</translation>
    </message>
    <message>
        <source>没选的也留在历史里，随时能换回来</source>
        <translation>The other value stays in the history</translation>
    </message>
    <message>
        <source>先放着</source>
        <translation>Later</translation>
    </message>
    <message>
        <source>用选中的</source>
        <translation>Use chosen</translation>
    </message>
    <message>
        <source>左边</source>
        <translation>Left</translation>
    </message>
    <message>
        <source>右边</source>
        <translation>Right</translation>
    </message>
    <message>
        <source>确定并看下一处</source>
        <translation>Take and go on</translation>
    </message>
    <message>
        <source>撤销</source>
        <translation>Undo</translation>
    </message>
    <message>
        <source>作废</source>
        <translation>Void</translation>
    </message>
    <message>
        <source>{field} 两边填得不一样，请选一个</source>
        <translation>{field}: two different values, choose one</translation>
    </message>
    <message>
        <source>第 {a} 处，共 {b} 处</source>
        <translation>{a} of {b}</translation>
    </message>
    <message>
        <source>保留</source>
        <translation>Keep</translation>
    </message>
    <message>
        <source>空</source>
        <translation>empty</translation>
    </message>
    <message>
        <source>选好了</source>
        <translation>Chosen</translation>
    </message>
</context>
<context>
    <name>DraftBanner</name>
    <message>
        <source>接着写</source>
        <translation>Go on</translation>
    </message>
    <message>
        <source>丢掉草稿</source>
        <translation>Discard draft</translation>
    </message>
    <message>
        <source>有一份没写完的草稿：{name}</source>
        <translation>An unfinished draft: {name}</translation>
    </message>
    <message>
        <source>有 {n} 份没写完的草稿，先写这份：{name}</source>
        <translation>{n} unfinished drafts, the newest: {name}</translation>
    </message>
    <message>
        <source>新增农户</source>
        <translation>New household</translation>
    </message>
    <message>
        <source>丢掉草稿 {name}？</source>
        <translation>Discard the draft {name}?</translation>
    </message>
    <message>
        <source>草稿里写过的都会没有，找不回来。</source>
        <translation>What was typed in it is gone for good.</translation>
    </message>
</context>
<context>
    <name>Edges</name>
    <message>
        <source>正在保存</source>
        <translation>Saving</translation>
    </message>
    <message>
        <source>全部已保存</source>
        <translation>All saved</translation>
    </message>
    <message>
        <source>还没有备份，关窗口时自动备</source>
        <translation>No backup yet; made when you close the window</translation>
    </message>
    <message>
        <source>今天 {t}</source>
        <translation>today {t}</translation>
    </message>
    <message>
        <source>备份 {t}</source>
        <translation>Backup {t}</translation>
    </message>
    <message>
        <source>这张表还没保存</source>
        <translation>This form is not saved yet</translation>
    </message>
</context>
<context>
    <name>ExportPage</name>
    <message>
        <source>导出花名册</source>
        <translation>Export roster</translation>
    </message>
    <message>
        <source>农户</source>
        <translation>Households</translation>
    </message>
    <message>
        <source>返回</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>导出</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>哪个网格</source>
        <translation>Which grid</translation>
    </message>
    <message>
        <source>要完整的身份号码、账号</source>
        <translation>Full ID and account numbers</translation>
    </message>
    <message>
        <source>用途</source>
        <translation>Purpose</translation>
    </message>
    <message>
        <source>如：报县医保局参保核对</source>
        <translation>such as: county check of medical insurance</translation>
    </message>
    <message>
        <source>每人一行，按户排好。号码、电话、账号都存成文本，表格软件不会弄坏。改过再导回来，会更新，不会重复。</source>
        <translation>One row per person, sorted by household. Numbers are kept as text, so no spreadsheet can spoil them. Edit the file and import it again: people are updated, not doubled.</translation>
    </message>
    <message>
        <source>不勾时号码只留前三位和后四位。勾了要写用途，谁在什么时候导出会记下来。</source>
        <translation>Without the tick only the first three and last four characters are shown. With it a purpose is needed, and who exported and when is recorded.</translation>
    </message>
    <message>
        <source>全部网格</source>
        <translation>All grids</translation>
    </message>
    <message>
        <source>要完整号码，请写用途</source>
        <translation>Full numbers need a purpose</translation>
    </message>
    <message>
        <source>花名册.xlsx</source>
        <translation>roster.xlsx</translation>
    </message>
    <message>
        <source>正在导出花名册</source>
        <translation>Exporting roster</translation>
    </message>
    <message>
        <source>已导出 {h} 户 {p} 人：{f}</source>
        <translation>Exported households {h}, people {p}: {f}</translation>
    </message>
    <message>
        <source>导出统计表</source>
        <translation>Export figures</translation>
    </message>
    <message>
        <source>村情统计表.xlsx</source>
        <translation>village-figures.xlsx</translation>
    </message>
    <message>
        <source>正在统计</source>
        <translation>Counting</translation>
    </message>
</context>
<context>
    <name>Fields</name>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>亩</source>
        <translation>mu</translation>
    </message>
    <message>
        <source>元</source>
        <translation>yuan</translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>花名册 ({kinds})</source>
        <translation>Rosters ({kinds})</translation>
    </message>
    <message>
        <source>选花名册</source>
        <translation>Choose a roster</translation>
    </message>
    <message>
        <source>表格 ({kinds})</source>
        <translation>Workbooks ({kinds})</translation>
    </message>
</context>
<context>
    <name>FirstRunPage</name>
    <message>
        <source>约半分钟</source>
        <translation>Half a minute</translation>
    </message>
    <message>
        <source>起口令</source>
        <translation>Set a passphrase</translation>
    </message>
    <message>
        <source>开机后要输</source>
        <translation>Asked at every start</translation>
    </message>
    <message>
        <source>抄恢复密钥</source>
        <translation>Write down the key</translation>
    </message>
    <message>
        <source>忘了口令时用</source>
        <translation>For a lost passphrase</translation>
    </message>
    <message>
        <source>好了</source>
        <translation>Done</translation>
    </message>
    <message>
        <source>选</source>
        <translation>Choose</translation>
    </message>
    <message>
        <source>下一步</source>
        <translation>Next</translation>
    </message>
    <message>
        <source>上一步</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>不用上网，数据在这台电脑里</source>
        <translation>No network needed</translation>
    </message>
    <message>
        <source>打开邀请文件</source>
        <translation>Open invitation</translation>
    </message>
    <message>
        <source>镇里给过邀请文件？</source>
        <translation>Invitation from the town?</translation>
    </message>
    <message>
        <source>直接开始</source>
        <translation>Start now</translation>
    </message>
    <message>
        <source>建好了</source>
        <translation>Your desk is ready</translation>
    </message>
    <message>
        <source> 去邀请各村</source>
        <translation> Invite villages</translation>
    </message>
    <message>
        <source> 导入花名册</source>
        <translation> Import roster</translation>
    </message>
    <message>
        <source>下一步给各村写邀请文件，村里就能上报了。</source>
        <translation>Next, write an invitation for each village, so that villages can hand in.</translation>
    </message>
    <message>
        <source>有派出所或别的部门给的花名册，现在就能导入；也可以以后再导。</source>
        <translation>A roster from the police station or another office can be imported now, or later.</translation>
    </message>
    <message>
        <source>{town} {village}（按镇里的邀请接入）</source>
        <translation>{town} {village} (joins by the town&apos;s invitation)</translation>
    </message>
    <message>
        <source>从备份恢复</source>
        <translation>Restore a backup</translation>
    </message>
    <message>
        <source>选村或镇</source>
        <translation>Village or town</translation>
    </message>
    <message>
        <source>可以开始用了</source>
        <translation>Ready to use</translation>
    </message>
    <message>
        <source>数据放到别的文件夹</source>
        <translation>Keep the data in another folder</translation>
    </message>
    <message>
        <source>空格</source>
        <translation>Space</translation>
    </message>
    <message>
        <source>勾上</source>
        <translation>Tick</translation>
    </message>
</context>
<context>
    <name>FormPage</name>
    <message>
        <source>农户</source>
        <translation>Households</translation>
    </message>
    <message>
        <source>返回</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>保存</source>
        <translation>Save</translation>
    </message>
    <message>
        <source>保存并新增</source>
        <translation>Save and new</translation>
    </message>
    <message>
        <source>下一项</source>
        <translation>Next field</translation>
    </message>
    <message>
        <source>同上一户</source>
        <translation>As last household</translation>
    </message>
    <message>
        <source>选项</source>
        <translation>Codes</translation>
    </message>
    <message>
        <source>加一人</source>
        <translation>Add person</translation>
    </message>
    <message>
        <source>减人</source>
        <translation>Remove person</translation>
    </message>
    <message>
        <source>修改农户</source>
        <translation>Edit household</translation>
    </message>
    <message>
        <source>新增农户</source>
        <translation>Add household</translation>
    </message>
    <message>
        <source>接着上次 {t} 没写完的草稿</source>
        <translation>Going on with the draft of {t}</translation>
    </message>
    <message>
        <source>草稿留着，随时接着写</source>
        <translation>Draft kept; go on at any time</translation>
    </message>
    <message>
        <source>草稿已保存 {t}</source>
        <translation>Draft saved {t}</translation>
    </message>
    <message>
        <source>已保存 {name}</source>
        <translation>Saved: {name}</translation>
    </message>
    <message>
        <source>{name} 没有改动</source>
        <translation>{name}: no changes</translation>
    </message>
    <message>
        <source>有 {n} 处要改，还没有保存</source>
        <translation>Not saved: {n} to correct</translation>
    </message>
    <message>
        <source>还有 {n} 份没写完的草稿，在“农户”页接着写</source>
        <translation>Unfinished drafts: {n}. Go on with them on the Households page</translation>
    </message>
</context>
<context>
    <name>Frame</name>
    <message>
        <source>村级</source>
        <translation>village</translation>
    </message>
    <message>
        <source>镇级·收件台</source>
        <translation>town desk</translation>
    </message>
</context>
<context>
    <name>GridsPage</name>
    <message>
        <source>网格</source>
        <translation>Grids</translation>
    </message>
    <message>
        <source>加小组</source>
        <translation>Add group</translation>
    </message>
    <message>
        <source>加微网格</source>
        <translation>Add micro-grid</translation>
    </message>
    <message>
        <source>加网格</source>
        <translation>Add grid</translation>
    </message>
    <message>
        <source>名称</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>编码</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>户</source>
        <translation>Homes</translation>
    </message>
    <message>
        <source>人</source>
        <translation>People</translation>
    </message>
    <message>
        <source>负责人</source>
        <translation>Responsible</translation>
    </message>
    <message>
        <source>网格和小组</source>
        <translation>Grids and groups</translation>
    </message>
    <message>
        <source>修改</source>
        <translation>Edit</translation>
    </message>
    <message>
        <source>加负责人</source>
        <translation>Add person</translation>
    </message>
    <message>
        <source>谁负责</source>
        <translation>Responsible</translation>
    </message>
    <message>
        <source>村里一般一个网格，下面分几个微网格，每个管三五十户。导入花名册时写了网格的会自动建好。</source>
        <translation>A village is usually one grid with a few micro-grids of 30 to 50 households each. Grids named in an imported roster are made for you.</translation>
    </message>
    <message>
        <source>建第一个网格</source>
        <translation>Add first grid</translation>
    </message>
    <message>
        <source>还没有网格</source>
        <translation>No grid yet</translation>
    </message>
    <message>
        <source>作废</source>
        <translation>Void</translation>
    </message>
    <message>
        <source>村民小组</source>
        <translation>villager group</translation>
    </message>
    <message>
        <source>{g} 个网格 · {s} 个小组 · {h} 户</source>
        <translation>Grids {g}, groups {s}, households {h}</translation>
    </message>
    <message>
        <source>，{n} 户没分网格</source>
        <translation>, {n} in no grid</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>{h} 户 {p} 人</source>
        <translation>Households {h}, people {p}</translation>
    </message>
    <message>
        <source>还没有写谁负责</source>
        <translation>Nobody named yet</translation>
    </message>
    <message>
        <source>卸任</source>
        <translation>End role</translation>
    </message>
    <message>
        <source>先选一个网格，再加微网格</source>
        <translation>Choose a grid first, then add a micro-grid</translation>
    </message>
    <message>
        <source>{field}：{text}</source>
        <translation>{field}: {text}</translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>历史</source>
        <translation>History</translation>
    </message>
    <message>
        <source>农户</source>
        <translation>Households</translation>
    </message>
    <message>
        <source>返回</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>时间</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>谁</source>
        <translation>Who</translation>
    </message>
    <message>
        <source>电脑</source>
        <translation>Computer</translation>
    </message>
    <message>
        <source>改了什么</source>
        <translation>What changed</translation>
    </message>
    <message>
        <source>撤销这一步</source>
        <translation>Undo this step</translation>
    </message>
    <message>
        <source>撤销也记在历史里，之后改过的栏目不动。</source>
        <translation>The undo is recorded too; fields changed later stay as they are.</translation>
    </message>
    <message>
        <source>选一步</source>
        <translation>Choose step</translation>
    </message>
    <message>
        <source> 等 {n} 项</source>
        <translation> … ({n} fields)</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>{who}：{what}</source>
        <translation>{who}: {what}</translation>
    </message>
    <message>
        <source>本户</source>
        <translation>Household</translation>
    </message>
    <message>
        <source>，共 {n} 处</source>
        <translation>; {n} in all</translation>
    </message>
    <message>
        <source>；</source>
        <translation>; </translation>
    </message>
    <message>
        <source>作废</source>
        <translation>Void</translation>
    </message>
    <message>
        <source>是</source>
        <translation>yes</translation>
    </message>
    <message>
        <source>否</source>
        <translation>no</translation>
    </message>
    <message>
        <source>空</source>
        <translation>empty</translation>
    </message>
    <message>
        <source>本机</source>
        <translation>This computer</translation>
    </message>
    <message>
        <source>撤销 {what}</source>
        <translation>Undone: {what}</translation>
    </message>
    <message>
        <source>恢复 {what}</source>
        <translation>Restored: {what}</translation>
    </message>
    <message>
        <source>不再作废</source>
        <translation>No longer void</translation>
    </message>
    <message>
        <source>{field} {old} → {new}</source>
        <translation>{field} {old} → {new}</translation>
    </message>
    <message>
        <source>花名册导入 {what}</source>
        <translation>From a roster: {what}</translation>
    </message>
    <message>
        <source>花名册更新 {what}</source>
        <translation>Roster update: {what}</translation>
    </message>
</context>
<context>
    <name>HouseholdDetail</name>
    <message>
        <source>修改</source>
        <translation>Edit</translation>
    </message>
    <message>
        <source>打印</source>
        <translation>Print</translation>
    </message>
    <message>
        <source>历史</source>
        <translation>History</translation>
    </message>
    <message>
        <source>选一户，这里看详情</source>
        <translation>Choose a household to see it here</translation>
    </message>
    <message>
        <source>还没分网格和组</source>
        <translation>In no grid or group yet</translation>
    </message>
    <message numerus="yes">
        <source>有 %n 处冲突，去选</source>
        <translation>
            <numerusform>%n conflict: choose</numerusform>
            <numerusform>%n conflicts: choose</numerusform>
        </translation>
    </message>
    <message>
        <source>没有户主</source>
        <translation>No head</translation>
    </message>
    <message>
        <source>{year} 年</source>
        <translation>built {year}</translation>
    </message>
    <message>
        <source>{n} 亩</source>
        <translation>{n} mu</translation>
    </message>
    <message>
        <source>流转出 {n}</source>
        <translation>leased out {n}</translation>
    </message>
    <message>
        <source>{n} 元</source>
        <translation>{n} yuan</translation>
    </message>
    <message>
        <source>电话</source>
        <translation>Phone</translation>
    </message>
    <message>
        <source>住址</source>
        <translation>Address</translation>
    </message>
    <message>
        <source>住房</source>
        <translation>House</translation>
    </message>
    <message>
        <source>耕地</source>
        <translation>Farmland</translation>
    </message>
    <message>
        <source>人均纯收入</source>
        <translation>Per head</translation>
    </message>
    <message>
        <source>家庭成员</source>
        <translation>Members</translation>
    </message>
    <message>
        <source>{n} 岁</source>
        <translation>{n}</translation>
    </message>
    <message>
        <source>最近</source>
        <translation>Recent</translation>
    </message>
    <message>
        <source>信息更新</source>
        <translation>Updated</translation>
    </message>
    <message>
        <source>户籍 {n}</source>
        <translation>Registered {n}</translation>
    </message>
    <message>
        <source>常住 {n}</source>
        <translation>Resident {n}</translation>
    </message>
    <message>
        <source>{what}·{name}</source>
        <translation>{what}, {name}</translation>
    </message>
    <message>
        <source>撤销</source>
        <translation>Undone</translation>
    </message>
    <message>
        <source>恢复</source>
        <translation>Restored</translation>
    </message>
    <message>
        <source>花名册导入</source>
        <translation>From a roster</translation>
    </message>
    <message>
        <source>建档</source>
        <translation>First entry</translation>
    </message>
    <message>
        <source>花名册更新</source>
        <translation>Roster update</translation>
    </message>
    <message>
        <source>恢复这一户</source>
        <translation>Bring it back</translation>
    </message>
</context>
<context>
    <name>HouseholdsPage</name>
    <message>
        <source>农户</source>
        <translation>Households</translation>
    </message>
    <message>
        <source>导入</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>导出</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>打印</source>
        <translation>Print</translation>
    </message>
    <message>
        <source>新增</source>
        <translation>Add</translation>
    </message>
    <message>
        <source>农户列表</source>
        <translation>List of households</translation>
    </message>
    <message>
        <source>按户主拼音排序</source>
        <translation>Sorted by pinyin of the head</translation>
    </message>
    <message>
        <source>村</source>
        <translation>Village</translation>
    </message>
    <message>
        <source>组</source>
        <translation>Group</translation>
    </message>
    <message>
        <source>户主</source>
        <translation>Head</translation>
    </message>
    <message>
        <source>人口</source>
        <translation>Size</translation>
    </message>
    <message>
        <source>户类型</source>
        <translation>Type</translation>
    </message>
    <message>
        <source>电话</source>
        <translation>Phone</translation>
    </message>
    <message>
        <source>户编号</source>
        <translation>No.</translation>
    </message>
    <message>
        <source>住址</source>
        <translation>Address</translation>
    </message>
    <message>
        <source>上报状态</source>
        <translation>Hand-in</translation>
    </message>
    <message>
        <source>各村的数据从上报包里来。收到包以后，到“收件”里导入。</source>
        <translation>The villages&apos; data come in bundles. When you have one, import it under Inbox.</translation>
    </message>
    <message>
        <source>还没有农户</source>
        <translation>No households yet</translation>
    </message>
    <message>
        <source>派出所或别的部门给的花名册可以直接导入，重名、错号都会标出来。也可以一户一户录。</source>
        <translation>Import a roster from the police station or another office: equal names and wrong numbers are marked. Or enter households one by one.</translation>
    </message>
    <message>
        <source>导入花名册</source>
        <translation>Import roster</translation>
    </message>
    <message>
        <source>录第一户</source>
        <translation>Add first household</translation>
    </message>
    <message>
        <source>去收件</source>
        <translation>Go to Inbox</translation>
    </message>
    <message>
        <source>修改</source>
        <translation>Edit</translation>
    </message>
    <message>
        <source>作废</source>
        <translation>Void</translation>
    </message>
    <message>
        <source>查找</source>
        <translation>Find</translation>
    </message>
    <message>
        <source>撤销</source>
        <translation>Undo</translation>
    </message>
    <message>
        <source>{h} 户 {p} 人</source>
        <translation>Households {h}, people {p}</translation>
    </message>
    <message>
        <source>没有户主</source>
        <translation>No head</translation>
    </message>
    <message>
        <source>第 {a}–{b} 户，共 {n} 户</source>
        <translation>{a}–{b} of {n}</translation>
    </message>
    <message>
        <source>已作废 {name} 这一户</source>
        <translation>Household of {name} voided</translation>
    </message>
    <message>
        <source>帮助</source>
        <translation>Help</translation>
    </message>
    <message>
        <source>历史</source>
        <translation>History</translation>
    </message>
    <message numerus="yes">
        <source>%n 户有冲突</source>
        <translation>
            <numerusform>%n household in conflict</numerusform>
            <numerusform>%n households in conflict</numerusform>
        </translation>
    </message>
    <message>
        <source>已恢复这一户</source>
        <translation>The household is back</translation>
    </message>
    <message>
        <source>没有户主的这户</source>
        <translation>the household without a head</translation>
    </message>
    <message>
        <source>作废 {name} 这一户？</source>
        <translation>Void the household of {name}?</translation>
    </message>
    <message numerus="yes">
        <source>家庭成员 %n 人跟着停用。档案不会消失，在“全部类型”里选“已作废”能找回来。</source>
        <translation>
            <numerusform>%n person goes with it. Nothing is lost: choose &quot;Voided&quot; among the kinds to bring it back.</numerusform>
            <numerusform>%n people go with it. Nothing is lost: choose &quot;Voided&quot; among the kinds to bring it back.</numerusform>
        </translation>
    </message>
    <message>
        <source>看已作废的</source>
        <translation>See the voided ones</translation>
    </message>
    <message>
        <source>草稿丢掉了</source>
        <translation>The draft is gone</translation>
    </message>
</context>
<context>
    <name>InboxPage</name>
    <message>
        <source>收件</source>
        <translation>Inbox</translation>
    </message>
    <message>
        <source>邀请村</source>
        <translation>Invite villages</translation>
    </message>
    <message>
        <source>选文件夹</source>
        <translation>Choose folder</translation>
    </message>
    <message>
        <source>全部试算</source>
        <translation>Try all</translation>
    </message>
    <message>
        <source>试算</source>
        <translation>Try</translation>
    </message>
    <message>
        <source>各村到件</source>
        <translation>Bundles by village</translation>
    </message>
    <message>
        <source>先给每个村写一个邀请文件。村里用它把电脑接进来，第一次上报就登记好了。</source>
        <translation>First write an invitation for each village. The village joins its computer with it; the first bundle enrols it.</translation>
    </message>
    <message>
        <source>还没有邀请过村</source>
        <translation>No village invited yet</translation>
    </message>
    <message>
        <source>导入</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>选村</source>
        <translation>Choose village</translation>
    </message>
    <message>
        <source>U 盘 {name} 已插入</source>
        <translation>USB stick {name} is plugged in</translation>
    </message>
    <message>
        <source>{n} 个村 · 到件 {a}</source>
        <translation>Villages {n}, arrived {a}</translation>
    </message>
    <message>
        <source>有隔离</source>
        <translation>Quarantine</translation>
    </message>
    <message>
        <source>待导入</source>
        <translation>To import</translation>
    </message>
    <message>
        <source>未到</source>
        <translation>Missing</translation>
    </message>
    <message>
        <source>未接入</source>
        <translation>Not joined</translation>
    </message>
    <message>
        <source>选放上报包的文件夹</source>
        <translation>Folder with bundles</translation>
    </message>
    <message>
        <source>正在试算</source>
        <translation>Trying</translation>
    </message>
    <message>
        <source>全部文件</source>
        <translation>All files</translation>
    </message>
    <message>
        <source>这次没有这个村的包。</source>
        <translation>No bundle of this village this time.</translation>
    </message>
    <message>
        <source>插上 U 盘，或选村里上报包所在的文件夹。先试算，看清楚再导入，试算不写任何数据。</source>
        <translation>Plug in a USB stick or choose the folder with the bundles. A trial comes first and writes nothing; import when you have seen it.</translation>
    </message>
    <message>
        <source>等着收件</source>
        <translation>Waiting for bundles</translation>
    </message>
    <message>
        <source>上次收件 {t}</source>
        <translation>Last bundle {t}</translation>
    </message>
    <message>
        <source>已接入，还没有收过包。</source>
        <translation>Joined; no bundle received yet.</translation>
    </message>
    <message>
        <source>还没有接入：邀请文件交给村里了吗？</source>
        <translation>Not joined yet: does the village have its invitation?</translation>
    </message>
    <message>
        <source>正在导入</source>
        <translation>Importing</translation>
    </message>
    <message>
        <source>导入 {n} 条，写了 {r} 个回执，放在同一个文件夹里</source>
        <translation>Entries imported: {n}; receipts in the same folder: {r}</translation>
    </message>
    <message>
        <source>正在写邀请文件</source>
        <translation>Writing invitations</translation>
    </message>
    <message>
        <source>写了 {n} 个邀请文件，请当面交给村里</source>
        <translation>Invitations written: {n}; hand them over in person</translation>
    </message>
    <message>
        <source>；</source>
        <translation>; </translation>
    </message>
    <message>
        <source> · 待导入 {p}</source>
        <translation>; to import {p}</translation>
    </message>
    <message>
        <source>等新电脑</source>
        <translation>Awaiting PC</translation>
    </message>
    <message>
        <source>换了电脑：新的邀请文件交给村里了吗？新电脑报一次就接上。</source>
        <translation>Computer replaced. Has the village got its new invitation? It joins with its first report.</translation>
    </message>
    <message>
        <source>邀请文件放到哪里</source>
        <translation>Where to put the invitations</translation>
    </message>
    <message>
        <source>新的邀请文件：{file}，请当面交给村里</source>
        <translation>New invitation: {file}. Hand it over in person</translation>
    </message>
    <message>
        <source>{village}换电脑，不用原来的了？</source>
        <translation>Replace the computer of {village}?</translation>
    </message>
    <message>
        <source>原来的电脑以后交来的不再算数，已经交来的照样算。这一步不能反悔。接着写新的邀请文件。</source>
        <translation>What the former computer hands in from now on does not count; what came so far does. This cannot be taken back. A new invitation file is written next.</translation>
    </message>
    <message>
        <source>换电脑</source>
        <translation>Replace</translation>
    </message>
    <message>
        <source>已收 {n}</source>
        <translation>{n} received</translation>
    </message>
    <message>
        <source>未到 {n}</source>
        <translation>{n} missing</translation>
    </message>
    <message numerus="yes">
        <source>%n 个文件没收，右边写着</source>
        <translation>
            <numerusform>%n file was not taken, see the panel</numerusform>
            <numerusform>%n files were not taken, see the panel</numerusform>
        </translation>
    </message>
    <message>
        <source>没能收的文件</source>
        <translation>Files that were not taken</translation>
    </message>
</context>
<context>
    <name>InviteDialog</name>
    <message>
        <source>邀请村</source>
        <translation>Invite villages</translation>
    </message>
    <message>
        <source>每个村一个邀请文件，当面交给村里。村里用它把电脑接进来，一个文件只能接一台电脑。</source>
        <translation>One invitation per village, handed over in person. The village joins its computer with it; one file joins one computer only.</translation>
    </message>
    <message>
        <source>全选</source>
        <translation>Select all</translation>
    </message>
    <message>
        <source>名单里没有，手工加</source>
        <translation>Not listed: add by hand</translation>
    </message>
    <message>
        <source>选文件夹，写邀请文件</source>
        <translation>Choose folder and write</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>邀请哪些村？</source>
        <translation>Which villages to invite?</translation>
    </message>
    <message>
        <source>村名</source>
        <translation>Village name</translation>
    </message>
    <message>
        <source>邀请文件放到哪里</source>
        <translation>Where to put the invitations</translation>
    </message>
    <message>
        <source>先勾上要邀请的村。</source>
        <translation>Tick the villages to invite first.</translation>
    </message>
    <message>
        <source>名单里没有村了，可以手工加。</source>
        <translation>No villages left on the list; add one by hand.</translation>
    </message>
    <message>
        <source>{names}已经接入了，不用再邀请。</source>
        <translation>{names}: joined already, no invitation needed.</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
</context>
<context>
    <name>LeavingDialog</name>
    <message>
        <source>减人</source>
        <translation>Remove person</translation>
    </message>
    <message>
        <source>{name} 怎么不在这户了？</source>
        <translation>Why is {name} no longer here?</translation>
    </message>
    <message>
        <source>离户的人留在历史里，花名册上不再有他。录错的人才作废。</source>
        <translation>People who left stay in the history but not in the roster. Void only somebody entered by mistake.</translation>
    </message>
    <message>
        <source>记为离户</source>
        <translation>Record as left</translation>
    </message>
    <message>
        <source>录错了，作废</source>
        <translation>Entered wrongly: void</translation>
    </message>
    <message>
        <source>不动</source>
        <translation>Keep</translation>
    </message>
    <message>
        <source>请选离开的原因</source>
        <translation>Choose why the person left</translation>
    </message>
    <message>
        <source>请填离开日期，如 20261123</source>
        <translation>Enter the date of leaving, such as 20261123</translation>
    </message>
</context>
<context>
    <name>ManualDialog</name>
    <message>
        <source>使用手册</source>
        <translation>Manual</translation>
    </message>
    <message>
        <source>关上</source>
        <translation>Close</translation>
    </message>
</context>
<context>
    <name>MappingDialog</name>
    <message>
        <source>列对应</source>
        <translation>Columns</translation>
    </message>
    <message>
        <source>不导入</source>
        <translation>do not import</translation>
    </message>
    <message>
        <source>照这样读</source>
        <translation>Read like this</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>左边是表里的列，右边是这里的栏目。</source>
        <translation>Left: columns of the sheet. Right: fields here.</translation>
    </message>
    <message>
        <source>哪一列是什么？</source>
        <translation>Which column is what?</translation>
    </message>
</context>
<context>
    <name>MemberDialog</name>
    <message>
        <source>好了</source>
        <translation>Done</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>{name} 的其他信息</source>
        <translation>More about {name}</translation>
    </message>
</context>
<context>
    <name>MendPanel</name>
    <message>
        <source>导入后可以整批撤销</source>
        <translation>An import can be undone as a whole</translation>
    </message>
    <message>
        <source>{c}{r} 格</source>
        <translation>cell {c}{r}</translation>
    </message>
    <message>
        <source>第 {n} 行</source>
        <translation>Row {n}</translation>
    </message>
    <message>
        <source>这一行没有问题。</source>
        <translation>Nothing wrong in this row.</translation>
    </message>
    <message>
        <source>这行还是要导</source>
        <translation>Import this row</translation>
    </message>
    <message>
        <source>这行先不导</source>
        <translation>Leave out</translation>
    </message>
    <message>
        <source>改好了</source>
        <translation>Done</translation>
    </message>
    <message>
        <source>改这一格</source>
        <translation>Fix this cell</translation>
    </message>
    <message>
        <source>要改的</source>
        <translation>To fix</translation>
    </message>
    <message>
        <source>还有 {n} 行</source>
        <translation>{n} more</translation>
    </message>
    <message>
        <source>全部还原</source>
        <translation>Undo all fixes</translation>
    </message>
    <message>
        <source>改了 {n} 处，离开也留着</source>
        <translation>Fixes kept: {n}</translation>
    </message>
    <message>
        <source>第 {n} 行：{text}</source>
        <translation>Row {n}: {text}</translation>
    </message>
</context>
<context>
    <name>OptionStrip</name>
    <message>
        <source>F4 全部</source>
        <translation>F4 all</translation>
    </message>
    <message>
        <source>18 位身份号码；没有号码的，写原因，如“新生儿未上户”</source>
        <translation>18 characters; without a number write the reason, such as 新生儿未上户</translation>
    </message>
    <message>
        <source>没有号码的填出生日期，如 20240305</source>
        <translation>Without an ID number enter the birth date, such as 20240305</translation>
    </message>
</context>
<context>
    <name>PassphraseDialog</name>
    <message>
        <source>改口令</source>
        <translation>Change passphrase</translation>
    </message>
    <message>
        <source>现在的口令</source>
        <translation>Present one</translation>
    </message>
    <message>
        <source>新口令</source>
        <translation>New one</translation>
    </message>
    <message>
        <source>再输一遍</source>
        <translation>Type it again</translation>
    </message>
    <message>
        <source>至少 12 个字，或者四个词。</source>
        <translation>At least 12 characters or four words.</translation>
    </message>
    <message>
        <source>改</source>
        <translation>Change</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>两遍不一样，请重输</source>
        <translation>The two differ; type them again</translation>
    </message>
</context>
<context>
    <name>PassphraseStep</name>
    <message>
        <source>您的姓名</source>
        <translation>Your name</translation>
    </message>
    <message>
        <source>记在历史里：谁录的</source>
        <translation>for the history: who entered what</translation>
    </message>
    <message>
        <source>口令</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>再输一遍</source>
        <translation>Type it again</translation>
    </message>
    <message>
        <source>显示口令</source>
        <translation>Show passphrase</translation>
    </message>
    <message>
        <source>至少 12 个字，或者四个词连着写，例如“村口 槐树 三月 开花”。口令谁也查不到，忘了只能用恢复密钥。</source>
        <translation>At least 12 characters or four words, such as &quot;village gate tree march&quot;. Nobody can look it up; when it is lost, only the recovery key helps.</translation>
    </message>
    <message>
        <source>下一步</source>
        <translation>Next</translation>
    </message>
    <message>
        <source>上一步</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>起一个口令</source>
        <translation>Set a passphrase</translation>
    </message>
    <message>
        <source>正在建，请稍候</source>
        <translation>Making it, please wait</translation>
    </message>
    <message>
        <source>两遍不一样，请重输</source>
        <translation>The two differ; type them again</translation>
    </message>
    <message>
        <source>请填您的姓名</source>
        <translation>Enter your name</translation>
    </message>
    <message>
        <source>口令太弱：至少 12 个字，或四个词，不能总是同一个字</source>
        <translation>Too weak: at least 12 characters or four words, not the same again and again</translation>
    </message>
</context>
<context>
    <name>People</name>
    <message>
        <source>年龄</source>
        <translation>Age</translation>
    </message>
    <message>
        <source>身份号码</source>
        <translation>ID number</translation>
    </message>
    <message>
        <source>家庭成员</source>
        <translation>Members</translation>
    </message>
    <message>
        <source>更多信息</source>
        <translation>More fields</translation>
    </message>
    <message>
        <source>加一人</source>
        <translation>Add person</translation>
    </message>
    <message>
        <source>已核对无误</source>
        <translation>Checked: correct</translation>
    </message>
    <message>
        <source>{n} 人</source>
        <translation>{n} in all</translation>
    </message>
    <message>
        <source>第 {n} 行 {name}：{text}</source>
        <translation>Row {n}, {name}: {text}</translation>
    </message>
    <message>
        <source>疑点  {text}。不影响保存。</source>
        <translation>Doubt: {text}. You can save all the same.</translation>
    </message>
    <message numerus="yes">
        <source>%n 处要改</source>
        <translation>
            <numerusform>%n to correct</numerusform>
            <numerusform>%n to correct</numerusform>
        </translation>
    </message>
    <message>
        <source>{field}{text}</source>
        <translation>{field}: {text}</translation>
    </message>
</context>
<context>
    <name>PlaceChooser</name>
    <message>
        <source>剩 {n} GB</source>
        <translation>{n} GB free</translation>
    </message>
    <message>
        <source>U 盘 {name}</source>
        <translation>USB stick {name}</translation>
    </message>
    <message>
        <source>文件夹</source>
        <translation>Folder</translation>
    </message>
    <message>
        <source>选别的文件夹</source>
        <translation>Other folder</translation>
    </message>
    <message>
        <source>发微信或放共享文件夹时用</source>
        <translation>for WeChat or a shared folder</translation>
    </message>
    <message>
        <source>选文件夹</source>
        <translation>Choose folder</translation>
    </message>
    <message>
        <source>选一个文件夹</source>
        <translation>Choose a folder</translation>
    </message>
</context>
<context>
    <name>PlaceStep</name>
    <message>
        <source>找到的地方</source>
        <translation>Places found</translation>
    </message>
    <message>
        <source>下一步</source>
        <translation>Next</translation>
    </message>
    <message>
        <source>名单里没有，直接用输入的名字</source>
        <translation>Not listed: use the name as typed</translation>
    </message>
    <message>
        <source>也可以一级一级选</source>
        <translation>Or choose level by level</translation>
    </message>
    <message>
        <source>省</source>
        <translation>Province</translation>
    </message>
    <message>
        <source>市</source>
        <translation>City</translation>
    </message>
    <message>
        <source>县</source>
        <translation>County</translation>
    </message>
    <message>
        <source>乡镇</source>
        <translation>Town</translation>
    </message>
    <message>
        <source>村</source>
        <translation>Village</translation>
    </message>
    <message>
        <source>您是哪个镇的？</source>
        <translation>Which town is yours?</translation>
    </message>
    <message>
        <source>您是哪个村的？</source>
        <translation>Which village is yours?</translation>
    </message>
    <message>
        <source>我在村里办公</source>
        <translation>I work in a village</translation>
    </message>
    <message>
        <source>我在镇里办公</source>
        <translation>I work in a town</translation>
    </message>
    <message>
        <source>输镇名，或者拼音。全国的乡镇都在里面。</source>
        <translation>Type the town&apos;s name or its pinyin. All towns of China are listed.</translation>
    </message>
    <message>
        <source>输村名，或者拼音，也可以“镇名 村名”。全国的村都在里面。</source>
        <translation>Type the village&apos;s name or its pinyin, or &quot;town village&quot;. All villages of China are listed.</translation>
    </message>
    <message>
        <source>正在装入全国的村名，马上就好</source>
        <translation>Loading all villages, a moment please</translation>
    </message>
    <message>
        <source>还有别的同名地方：前面加上镇名或县名，空一格</source>
        <translation>More places have this name: type town or county before it, then a blank</translation>
    </message>
    <message>
        <source>没找到。可以少输几个字，或者换拼音</source>
        <translation>Nothing found. Type less of it, or pinyin</translation>
    </message>
</context>
<context>
    <name>PreviewPage</name>
    <message>
        <source>打印预览</source>
        <translation>Print preview</translation>
    </message>
    <message>
        <source>农户</source>
        <translation>Households</translation>
    </message>
    <message>
        <source>打印</source>
        <translation>Print</translation>
    </message>
    <message>
        <source>存为 PDF</source>
        <translation>Save as PDF</translation>
    </message>
    <message>
        <source>返回</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>要打印的页</source>
        <translation>Pages to print</translation>
    </message>
    <message>
        <source>打印时选“实际大小”，不要“适合页面”，二维码才扫得出。</source>
        <translation>Print at &quot;actual size&quot;, not &quot;fit to page&quot;, or the QR code cannot be scanned.</translation>
    </message>
    <message>
        <source>缩小</source>
        <translation>Zoom out</translation>
    </message>
    <message>
        <source>放大</source>
        <translation>Zoom in</translation>
    </message>
    <message>
        <source>再要 10 张空白表</source>
        <translation>10 blank forms more</translation>
    </message>
    <message>
        <source>下一页</source>
        <translation>Next page</translation>
    </message>
    <message>
        <source>上一页</source>
        <translation>Previous page</translation>
    </message>
    <message>
        <source>正在排版 信息采集表</source>
        <translation>Preparing household forms</translation>
    </message>
    <message>
        <source>正在排版</source>
        <translation>Preparing</translation>
    </message>
    <message>
        <source>空白表 {n} 张</source>
        <translation>Blank forms: {n}</translation>
    </message>
    <message>
        <source>{n} 户</source>
        <translation>Households: {n}</translation>
    </message>
    <message>
        <source>字库里没有的字</source>
        <translation>Characters without a font</translation>
    </message>
    <message>
        <source>{where}：{text}</source>
        <translation>{where}: {text}</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>第 {a} 页，共 {b} 页</source>
        <translation>Page {a} of {b}</translation>
    </message>
    <message>
        <source>正在打印</source>
        <translation>Printing</translation>
    </message>
    <message>
        <source>已送打印机 {n} 页</source>
        <translation>Pages sent to the printer: {n}</translation>
    </message>
    <message>
        <source>农户信息采集表.pdf</source>
        <translation>household-forms.pdf</translation>
    </message>
    <message>
        <source>已存为 {file}</source>
        <translation>Saved as {file}</translation>
    </message>
    <message>
        <source>停下了；已送出的页打印机可能照样打完</source>
        <translation>Stopped; the printer may still finish the pages already sent</translation>
    </message>
</context>
<context>
    <name>ProgressDock</name>
    <message>
        <source>停下</source>
        <translation>Stop</translation>
    </message>
    <message numerus="yes">
        <source>大约还要 %n 分钟</source>
        <translation>
            <numerusform>about %n minute left</numerusform>
            <numerusform>about %n minutes left</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>大约还要 %n 秒</source>
        <translation>
            <numerusform>about %n second left</numerusform>
            <numerusform>about %n seconds left</numerusform>
        </translation>
    </message>
    <message>
        <source>正在停下</source>
        <translation>Stopping</translation>
    </message>
</context>
<context>
    <name>QueryBar</name>
    <message>
        <source>查找农户</source>
        <translation>Find households</translation>
    </message>
    <message>
        <source>姓名、拼音首字母、证件后四位</source>
        <translation>Name, pinyin initials, last four of the ID</translation>
    </message>
    <message>
        <source>全部村</source>
        <translation>All villages</translation>
    </message>
    <message>
        <source>全部网格</source>
        <translation>All grids</translation>
    </message>
    <message>
        <source>全部组</source>
        <translation>All groups</translation>
    </message>
    <message>
        <source>全部类型</source>
        <translation>All kinds</translation>
    </message>
    <message>
        <source>已作废</source>
        <translation>Voided</translation>
    </message>
    <message>
        <source>清空</source>
        <translation>Clear</translation>
    </message>
    <message>
        <source>{n} 户</source>
        <translation>{n} households</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>……</source>
        <translation>...</translation>
    </message>
    <message>
        <source>没找到。可输姓名、拼音首字母、证件后四位、电话尾号、户编号</source>
        <translation>Nothing found. Type a name, pinyin initials, last four of the ID, phone tail or household number</translation>
    </message>
    <message>
        <source>拼音</source>
        <translation>Pinyin</translation>
    </message>
    <message>
        <source>查找</source>
        <translation>Find</translation>
    </message>
    <message>
        <source>{shape} {text}：{names}</source>
        <translation>{shape} {text}: {names}</translation>
    </message>
</context>
<context>
    <name>QuestionDialog</name>
    <message>
        <source>不，先不动</source>
        <translation>No, leave it</translation>
    </message>
    <message>
        <source>知道了</source>
        <translation>OK</translation>
    </message>
</context>
<context>
    <name>RecoveryDialog</name>
    <message>
        <source>恢复密钥</source>
        <translation>Recovery key</translation>
    </message>
</context>
<context>
    <name>RecoveryStep</name>
    <message>
        <source>恢复密钥</source>
        <translation>Recovery key</translation>
    </message>
    <message>
        <source>忘了口令，只有它能打开数据。请抄两份，一份锁进村里的柜子，一份交镇里密封。电脑里不留。</source>
        <translation>If the passphrase is lost, only this key opens the data. Write it down twice: lock one copy away in the village, give one sealed to the town. It is not kept on this computer.</translation>
    </message>
    <message>
        <source>已经抄好，并核对过一遍</source>
        <translation>Written down and compared</translation>
    </message>
    <message>
        <source>下一步</source>
        <translation>Next</translation>
    </message>
    <message>
        <source>抄下恢复密钥</source>
        <translation>Write down the recovery key</translation>
    </message>
    <message>
        <source>只显示这一次</source>
        <translation>Shown only this once</translation>
    </message>
    <message>
        <source>忘了口令，只有它能打开数据；电脑坏了，只有它能打开各村交来的包。请抄两份，分两处锁好。电脑里不留。</source>
        <translation>Without the passphrase it alone opens the data; without this computer it alone opens what the villages handed in. Write it down twice and lock the copies away in two places. It is not kept on this computer.</translation>
    </message>
    <message>
        <source>后三行没有字母 O、I、B，也没有数字 1：圆的都是零。</source>
        <translation>The last three lines hold no letter O, I or B and no digit 1: what is round is a zero.</translation>
    </message>
</context>
<context>
    <name>ReportPage</name>
    <message>
        <source>上报</source>
        <translation>Hand in</translation>
    </message>
    <message>
        <source>报给 {town}</source>
        <translation>to {town}</translation>
    </message>
    <message>
        <source>全部重报</source>
        <translation>Hand in all again</translation>
    </message>
    <message>
        <source>生成上报包</source>
        <translation>Make bundle</translation>
    </message>
    <message>
        <source>加密后写入，只有{town}能打开</source>
        <translation>Encrypted; only {town} can open it</translation>
    </message>
    <message>
        <source>镇里给的回执也在这里？</source>
        <translation>A receipt from the town here too?</translation>
    </message>
    <message>
        <source>读回执</source>
        <translation>Read receipts</translation>
    </message>
    <message>
        <source>放到哪里</source>
        <translation>Where to</translation>
    </message>
    <message>
        <source>时间</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>包号</source>
        <translation>Bundle</translation>
    </message>
    <message>
        <source>条数</source>
        <translation>Entries</translation>
    </message>
    <message>
        <source>回执</source>
        <translation>Receipt</translation>
    </message>
    <message>
        <source>报过的包</source>
        <translation>Bundles handed in</translation>
    </message>
    <message>
        <source>还没有报过。生成的每个包都列在这里，收到镇里回执就打勾。</source>
        <translation>Nothing handed in yet. Every bundle is listed here and ticked when the town&apos;s receipt comes.</translation>
    </message>
    <message>
        <source>镇里会给一个邀请文件（.vdinvite）。打开它，这台电脑就能向镇里上报；以前录的都算数。</source>
        <translation>The town gives you an invitation (.vdinvite). Open it, and this computer can hand in to the town; all earlier work counts.</translation>
    </message>
    <message>
        <source>打开邀请文件</source>
        <translation>Open invitation</translation>
    </message>
    <message>
        <source>还没有接入镇里</source>
        <translation>Not joined to the town yet</translation>
    </message>
    <message>
        <source>选包</source>
        <translation>Choose bundle</translation>
    </message>
    <message>
        <source>还有 {n} 条没报给镇里</source>
        <translation>{n} still to hand in</translation>
    </message>
    <message>
        <source>都报了，{n} 条等镇里回执</source>
        <translation>All handed in; {n} await the receipt</translation>
    </message>
    <message>
        <source>都报了，镇里都收到了</source>
        <translation>All handed in and received</translation>
    </message>
    <message>
        <source>还没有报过</source>
        <translation>Nothing handed in yet</translation>
    </message>
    <message>
        <source>上次上报 {t}</source>
        <translation>Last: {t}</translation>
    </message>
    <message>
        <source>已回执</source>
        <translation>received</translation>
    </message>
    <message numerus="yes">
        <source>%n 天</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
    <message>
        <source>今天报的</source>
        <translation>today</translation>
    </message>
    <message>
        <source>未回执</source>
        <translation>no receipt</translation>
    </message>
    <message>
        <source>包 {n} 已入镇库</source>
        <translation>Bundle {n} is in the town&apos;s store</translation>
    </message>
    <message>
        <source>包 {n} 还没有回执</source>
        <translation>Bundle {n} has no receipt yet</translation>
    </message>
    <message>
        <source>镇里签了回执，这个包里的 {n} 条都已入库。文件：{file}</source>
        <translation>The town signed for everything in it ({n}). File: {file}</translation>
    </message>
    <message>
        <source>文件 {file} 交到镇里以后，把镇里给的回执文件读进来。丢了就再生成一次，不会重复。</source>
        <translation>Take the file {file} to the town, then read the receipt you are given. If it is lost, make it again; nothing is doubled.</translation>
    </message>
    <message>
        <source>正在生成上报包</source>
        <translation>Making the bundle</translation>
    </message>
    <message>
        <source>正在全部重报</source>
        <translation>Handing in all again</translation>
    </message>
    <message>
        <source>读了 {n} 个回执</source>
        <translation>Receipts read: {n}</translation>
    </message>
    <message>
        <source>包已在那里，等镇里回执</source>
        <translation>The bundle is there and awaits the receipt</translation>
    </message>
    <message>
        <source>{n} 个文件没收</source>
        <translation>Files refused: {n}</translation>
    </message>
    <message>
        <source>，</source>
        <translation>; </translation>
    </message>
    <message>
        <source>全部重报：{n} 条，{f} 个包</source>
        <translation>Handed in again: entries {n}, bundles {f}</translation>
    </message>
    <message>
        <source>正在读回执</source>
        <translation>Reading receipts</translation>
    </message>
    <message>
        <source>{file}：{why}</source>
        <translation>{file}: {why}</translation>
    </message>
    <message>
        <source>先接入乡镇，才能上报</source>
        <translation>Join the town before reporting</translation>
    </message>
    <message>
        <source>报一次，镇里就登记这台电脑</source>
        <translation>Report once and the town registers this computer</translation>
    </message>
    <message>
        <source>这里的 {n} 个回执都读过了</source>
        <translation>Receipts here, all read already: {n}</translation>
    </message>
    <message>
        <source>“{f}”里没有给本村的回执</source>
        <translation>No receipt for this village in {f}</translation>
    </message>
    <message>
        <source>回执文件 ({kinds})</source>
        <translation>Receipts ({kinds})</translation>
    </message>
    <message>
        <source>邀请文件 ({kinds})</source>
        <translation>Invitations ({kinds})</translation>
    </message>
    <message>
        <source>这份邀请是给“{theirs}”的，这里是“{ours}”</source>
        <translation>This invitation is for {theirs}; this desk is {ours}</translation>
    </message>
    <message>
        <source>还是接入</source>
        <translation>Join anyway</translation>
    </message>
    <message>
        <source>去向</source>
        <translation>To</translation>
    </message>
    <message>
        <source>U 盘 {name}</source>
        <translation>USB {name}</translation>
    </message>
    <message>
        <source>已写入 {f} 个包（{n} 笔改动）</source>
        <translation>Wrote {f} bundle(s), {n} changes</translation>
    </message>
    <message>
        <source>接入以后就向发邀请的镇上报。用别村的邀请，镇里会把这台电脑当成那个村。</source>
        <translation>Once joined, this desk hands in to the town that invited. With another village&apos;s invitation the town takes this computer for that village.</translation>
    </message>
    <message>
        <source>换一份邀请文件</source>
        <translation>Another invitation file</translation>
    </message>
    <message>
        <source>；</source>
        <translation>; </translation>
    </message>
</context>
<context>
    <name>RestoreDialog</name>
    <message>
        <source>从备份恢复</source>
        <translation>Restore a backup</translation>
    </message>
    <message>
        <source>还没有选</source>
        <translation>none chosen</translation>
    </message>
    <message>
        <source>选备份文件</source>
        <translation>Choose backup</translation>
    </message>
    <message>
        <source>忘了口令，用恢复密钥</source>
        <translation>Passphrase lost: use the recovery key</translation>
    </message>
    <message>
        <source>恢复密钥</source>
        <translation>Recovery key</translation>
    </message>
    <message>
        <source>口令</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>现在的数据另存一份，不会删。备份之后报过的内容，下次收回执时会自动补回来。</source>
        <translation>The present data are set aside, not deleted. What was handed in after the backup comes back with the next receipt.</translation>
    </message>
    <message>
        <source>恢复</source>
        <translation>Restore</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>用哪一份备份？</source>
        <translation>Which backup?</translation>
    </message>
    <message>
        <source>新口令，至少 12 个字</source>
        <translation>New passphrase, at least 12 characters</translation>
    </message>
    <message>
        <source>做备份时用的口令</source>
        <translation>passphrase at the time of the backup</translation>
    </message>
    <message>
        <source>请填口令</source>
        <translation>Enter the passphrase</translation>
    </message>
    <message>
        <source>再输一遍</source>
        <translation>Once more</translation>
    </message>
    <message>
        <source>请填恢复密钥</source>
        <translation>Please enter the recovery key</translation>
    </message>
    <message>
        <source>两遍不一样，请重输</source>
        <translation>The two differ; type again</translation>
    </message>
    <message>
        <source>口令太短：至少 12 个字，或四个词</source>
        <translation>Too short: at least 12 characters, or four words</translation>
    </message>
</context>
<context>
    <name>RosterPage</name>
    <message>
        <source>导入花名册</source>
        <translation>Import roster</translation>
    </message>
    <message>
        <source>农户</source>
        <translation>Households</translation>
    </message>
    <message>
        <source>换一个文件</source>
        <translation>Other file</translation>
    </message>
    <message>
        <source>导入</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>导出问题清单</source>
        <translation>Export problems</translation>
    </message>
    <message>
        <source>派出所、民政、农业……给的表都行：xlsx、xls、csv。标题行、合并格、两行表头都认得。先预览，看清楚再导入。</source>
        <translation>Any office&apos;s sheet will do: xlsx, xls, csv. Title rows, merged cells and two-row headings are understood. You see a preview before anything is imported.</translation>
    </message>
    <message>
        <source>选一个文件</source>
        <translation>Choose a file</translation>
    </message>
    <message>
        <source>要一张空表</source>
        <translation>Get an empty sheet</translation>
    </message>
    <message>
        <source>把花名册拖进来</source>
        <translation>Drop a roster here</translation>
    </message>
    <message>
        <source>选文件</source>
        <translation>Choose file</translation>
    </message>
    <message>
        <source>下一处问题</source>
        <translation>Next problem</translation>
    </message>
    <message>
        <source>改这格</source>
        <translation>Fix cell</translation>
    </message>
    <message>
        <source>这行先不导</source>
        <translation>Leave out</translation>
    </message>
    <message>
        <source>正在读花名册</source>
        <translation>Reading the roster</translation>
    </message>
    <message>
        <source>正在导入</source>
        <translation>Importing</translation>
    </message>
    <message>
        <source>花名册问题清单.xlsx</source>
        <translation>roster-problems.xlsx</translation>
    </message>
    <message>
        <source>已存为 {f}</source>
        <translation>Saved as {f}</translation>
    </message>
    <message>
        <source>花名册.xlsx</source>
        <translation>roster.xlsx</translation>
    </message>
    <message>
        <source>停下了，什么都没有导入</source>
        <translation>Stopped; nothing was imported</translation>
    </message>
    <message>
        <source>改的 {n} 处留着，再来接着改</source>
        <translation>Fixes kept for next time: {n}</translation>
    </message>
    <message>
        <source>上次改的 {n} 处还在，接着改</source>
        <translation>Fixes from last time still here: {n}</translation>
    </message>
    <message>
        <source>全部还原</source>
        <translation>Undo all fixes</translation>
    </message>
    <message>
        <source>改过的 {n} 处都不要了？</source>
        <translation>Drop all {n} corrections?</translation>
    </message>
    <message>
        <source>照原表重新读。在这里改过的找不回来。</source>
        <translation>The workbook is read again as it was. Corrections made here are gone for good.</translation>
    </message>
    <message>
        <source> 导入  F10</source>
        <translation> Import  F10</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>{work}，现在停下吗？</source>
        <translation>{work}: stop now?</translation>
    </message>
    <message>
        <source>这件事还没做完。停下以后，做完的部分留着，没做的以后再做。</source>
        <translation>This is not done yet. What is done stays; the rest can be done later.</translation>
    </message>
    <message>
        <source>停下</source>
        <translation>Stop</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>设置</source>
        <translation>Settings</translation>
    </message>
    <message>
        <source>锁上</source>
        <translation>Lock</translation>
    </message>
    <message>
        <source>浅色</source>
        <translation>Light</translation>
    </message>
    <message>
        <source>深色</source>
        <translation>Dark</translation>
    </message>
    <message>
        <source>高对比</source>
        <translation>Contrast</translation>
    </message>
    <message>
        <source>颜色</source>
        <translation>Colours</translation>
    </message>
    <message>
        <source>字的大小</source>
        <translation>Text size</translation>
    </message>
    <message>
        <source>语言</source>
        <translation>Language</translation>
    </message>
    <message>
        <source>随时可按 Ctrl + 放大，Ctrl − 缩小，Ctrl 0 还原。</source>
        <translation>At any time: Ctrl + larger, Ctrl − smaller, Ctrl 0 normal.</translation>
    </message>
    <message>
        <source>显示</source>
        <translation>Display</translation>
    </message>
    <message numerus="yes">
        <source>%n 分钟</source>
        <translation>
            <numerusform>%n minute</numerusform>
            <numerusform>%n minutes</numerusform>
        </translation>
    </message>
    <message>
        <source>不动就锁上</source>
        <translation>Lock when idle</translation>
    </message>
    <message>
        <source>改口令</source>
        <translation>Change passphrase</translation>
    </message>
    <message>
        <source>安全</source>
        <translation>Safety</translation>
    </message>
    <message>
        <source>口令改好了，下次打开用新的</source>
        <translation>Passphrase changed; use the new one next time</translation>
    </message>
    <message>
        <source>现在备份</source>
        <translation>Back up now</translation>
    </message>
    <message>
        <source>恢复演练</source>
        <translation>Rehearse restore</translation>
    </message>
    <message>
        <source>全面核对</source>
        <translation>Verify all</translation>
    </message>
    <message>
        <source>没有设</source>
        <translation>not set</translation>
    </message>
    <message>
        <source>选第二备份处</source>
        <translation>Choose place</translation>
    </message>
    <message>
        <source>关窗口时自动备份：最近一次、七天、四周各留。演练是把备份真的打开核对一遍。</source>
        <translation>A backup is made whenever the window closes; the latest, seven daily and four weekly ones are kept. A rehearsal really opens the backup and checks it.</translation>
    </message>
    <message>
        <source>第二备份处</source>
        <translation>Second place</translation>
    </message>
    <message>
        <source>备份</source>
        <translation>Backup</translation>
    </message>
    <message>
        <source>正在备份</source>
        <translation>Backing up</translation>
    </message>
    <message>
        <source>备份好了，已核对</source>
        <translation>Backup made and checked</translation>
    </message>
    <message>
        <source>演练成功：最近的备份能恢复</source>
        <translation>Rehearsal done: the latest backup can be restored</translation>
    </message>
    <message>
        <source>正在演练恢复</source>
        <translation>Rehearsing a restore</translation>
    </message>
    <message>
        <source>正在全面核对</source>
        <translation>Verifying all</translation>
    </message>
    <message>
        <source>程序</source>
        <translation>Program</translation>
    </message>
    <message>
        <source>工作台</source>
        <translation>Desk</translation>
    </message>
    <message>
        <source>乡镇</source>
        <translation>Town</translation>
    </message>
    <message>
        <source>区划代码</source>
        <translation>Division code</translation>
    </message>
    <message>
        <source>关于</source>
        <translation>About</translation>
    </message>
    <message>
        <source>放大</source>
        <translation>Larger</translation>
    </message>
    <message>
        <source>缩小</source>
        <translation>Smaller</translation>
    </message>
    <message>
        <source>上次备份：{t}</source>
        <translation>Last backup: {t}</translation>
    </message>
    <message>
        <source>上次恢复演练成功：{t}</source>
        <translation>Last rehearsal: {t}</translation>
    </message>
    <message>
        <source>还没有</source>
        <translation>never</translation>
    </message>
    <message>
        <source>换恢复密钥</source>
        <translation>New recovery key</translation>
    </message>
    <message>
        <source>换了以后，以前抄下的恢复密钥就作废。请输口令：</source>
        <translation>The recovery key written down before will no longer work. Enter the passphrase:</translation>
    </message>
    <message>
        <source>恢复密钥换好了，以前的作废</source>
        <translation>There is a new recovery key; the old one no longer works</translation>
    </message>
    <message>
        <source>数据加密存在本机。同一台电脑上能打开的人都看得到全部数据，谁改了什么都记在历史里；交给镇里的包只有镇里打得开。</source>
        <translation>Data are encrypted on this computer. Whoever can open it here sees everything, and the history keeps who changed what; what is handed in only the town can open.</translation>
    </message>
</context>
<context>
    <name>Sheet</name>
    <message>
        <source>全部</source>
        <translation>All</translation>
    </message>
    <message>
        <source>要改</source>
        <translation>To fix</translation>
    </message>
    <message>
        <source>疑点</source>
        <translation>Doubts</translation>
    </message>
    <message>
        <source>不导</source>
        <translation>Left out</translation>
    </message>
    <message>
        <source>看哪些行</source>
        <translation>Rows shown</translation>
    </message>
    <message>
        <source>改列对应</source>
        <translation>Map columns</translation>
    </message>
    <message>
        <source>原表行</source>
        <translation>Row</translation>
    </message>
    <message>
        <source>户主</source>
        <translation>Head</translation>
    </message>
    <message>
        <source>姓名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>与户主关系</source>
        <translation>Relation</translation>
    </message>
    <message>
        <source>公民身份号码</source>
        <translation>ID number</translation>
    </message>
    <message>
        <source>组</source>
        <translation>Grp</translation>
    </message>
    <message>
        <source>电话</source>
        <translation>Phone</translation>
    </message>
    <message>
        <source>结果</source>
        <translation>Result</translation>
    </message>
    <message>
        <source>花名册各行</source>
        <translation>Rows of the roster</translation>
    </message>
</context>
<context>
    <name>Shorts</name>
    <message>
        <source>，</source>
        <translation>; </translation>
    </message>
    <message>
        <source>会更新</source>
        <translation>Will update</translation>
    </message>
    <message>
        <source>和已有的一样</source>
        <translation>Unchanged</translation>
    </message>
    <message>
        <source>号码末三位被截断</source>
        <translation>ID cut off</translation>
    </message>
    <message>
        <source>号码成了科学计数</source>
        <translation>ID as E+17</translation>
    </message>
    <message>
        <source>号码校验不符</source>
        <translation>ID check digit</translation>
    </message>
    <message>
        <source>号码两位写反</source>
        <translation>ID digits swapped</translation>
    </message>
    <message>
        <source>号码位数不对</source>
        <translation>ID length</translation>
    </message>
    <message>
        <source>号码里有别的字</source>
        <translation>ID not digits</translation>
    </message>
    <message>
        <source>号码里日期不对</source>
        <translation>ID bad date</translation>
    </message>
    <message>
        <source>号码里日期没到</source>
        <translation>ID future date</translation>
    </message>
    <message>
        <source>号码前六位要核对</source>
        <translation>ID area code</translation>
    </message>
    <message>
        <source>号码带星号</source>
        <translation>ID masked</translation>
    </message>
    <message>
        <source>没有号码</source>
        <translation>No ID</translation>
    </message>
    <message>
        <source>号码栏写的是字</source>
        <translation>ID is words</translation>
    </message>
    <message>
        <source>号码和已有的不同</source>
        <translation>ID changed</translation>
    </message>
    <message>
        <source>填的是残疾证号</source>
        <translation>Certificate no.</translation>
    </message>
    <message>
        <source>号码重复</source>
        <translation>ID twice</translation>
    </message>
    <message>
        <source>年纪太大</source>
        <translation>Very old</translation>
    </message>
    <message>
        <source>遮住的对不上</source>
        <translation>Mask differs</translation>
    </message>
    <message>
        <source>电话位数不对</source>
        <translation>Phone length</translation>
    </message>
    <message>
        <source>电话缺区号</source>
        <translation>No area code</translation>
    </message>
    <message>
        <source>没有这个号段</source>
        <translation>Phone prefix</translation>
    </message>
    <message>
        <source>电话里有别的字</source>
        <translation>Phone not digits</translation>
    </message>
    <message>
        <source>有几个电话</source>
        <translation>Several phones</translation>
    </message>
    <message>
        <source>电话带星号</source>
        <translation>Phone masked</translation>
    </message>
    <message>
        <source>电话成了科学计数</source>
        <translation>Phone as E+</translation>
    </message>
    <message>
        <source>账号位数不对</source>
        <translation>Account length</translation>
    </message>
    <message>
        <source>账号校验不符</source>
        <translation>Account check</translation>
    </message>
    <message>
        <source>账号带星号</source>
        <translation>Account masked</translation>
    </message>
    <message>
        <source>账号里有别的字</source>
        <translation>Account not digits</translation>
    </message>
    <message>
        <source>账号末几位丢了</source>
        <translation>Account cut off</translation>
    </message>
    <message>
        <source>账号成了科学计数</source>
        <translation>Account as E+</translation>
    </message>
    <message>
        <source>残疾证号带星号</source>
        <translation>Cert. masked</translation>
    </message>
    <message>
        <source>长号码末几位丢了</source>
        <translation>Number cut off</translation>
    </message>
    <message>
        <source>没有姓名</source>
        <translation>No name</translation>
    </message>
    <message>
        <source>姓名被遮住</source>
        <translation>Name masked</translation>
    </message>
    <message>
        <source>姓名缺字</source>
        <translation>Name incomplete</translation>
    </message>
    <message>
        <source>姓名里有数字</source>
        <translation>Digits in name</translation>
    </message>
    <message>
        <source>姓名里有括号</source>
        <translation>Brackets in name</translation>
    </message>
    <message>
        <source>不像姓名</source>
        <translation>Not a name</translation>
    </message>
    <message>
        <source>姓名太长</source>
        <translation>Name too long</translation>
    </message>
    <message>
        <source>姓名有旧造字</source>
        <translation>Old character</translation>
    </message>
    <message>
        <source>同户有人同名</source>
        <translation>Same name twice</translation>
    </message>
    <message>
        <source>姓名和已有的不同</source>
        <translation>Name changed</translation>
    </message>
    <message>
        <source>没有与户主关系</source>
        <translation>No relation</translation>
    </message>
    <message>
        <source>一户两个户主</source>
        <translation>Two heads</translation>
    </message>
    <message>
        <source>户主姓名对不上</source>
        <translation>Head differs</translation>
    </message>
    <message>
        <source>性别与号码不符</source>
        <translation>Sex vs ID</translation>
    </message>
    <message>
        <source>生日与号码不符</source>
        <translation>Birth vs ID</translation>
    </message>
    <message>
        <source>没有这一项</source>
        <translation>Unknown value</translation>
    </message>
    <message>
        <source>要填是或否</source>
        <translation>Yes or no</translation>
    </message>
    <message>
        <source>选得太多</source>
        <translation>Too many</translation>
    </message>
    <message>
        <source>日期看不懂</source>
        <translation>Unclear date</translation>
    </message>
    <message>
        <source>日期不全</source>
        <translation>Partial date</translation>
    </message>
    <message>
        <source>没有这一天</source>
        <translation>No such day</translation>
    </message>
    <message>
        <source>日期成了序号</source>
        <translation>Date as serial</translation>
    </message>
    <message>
        <source>年份不对</source>
        <translation>Wrong year</translation>
    </message>
    <message>
        <source>数看不懂</source>
        <translation>Unclear number</translation>
    </message>
    <message>
        <source>要填整数</source>
        <translation>Whole number</translation>
    </message>
    <message>
        <source>数太大</source>
        <translation>Too large</translation>
    </message>
    <message>
        <source>数太小</source>
        <translation>Too small</translation>
    </message>
    <message>
        <source>字太多</source>
        <translation>Text too long</translation>
    </message>
    <message>
        <source>这户没有户主</source>
        <translation>No head</translation>
    </message>
    <message>
        <source>户编号是别户的</source>
        <translation>Number taken</translation>
    </message>
    <message>
        <source>户编号没有存</source>
        <translation>Number not kept</translation>
    </message>
    <message>
        <source>同户写得不一样</source>
        <translation>Rows differ</translation>
    </message>
    <message>
        <source>分不清是哪户</source>
        <translation>Which household?</translation>
    </message>
    <message>
        <source>没写是哪一户</source>
        <translation>No household</translation>
    </message>
    <message>
        <source>此人在别的户</source>
        <translation>In another home</translation>
    </message>
    <message>
        <source>此人已离户</source>
        <translation>Has left</translation>
    </message>
    <message>
        <source>别村的人</source>
        <translation>Other village</translation>
    </message>
    <message>
        <source>村名不同</source>
        <translation>Village differs</translation>
    </message>
    <message>
        <source>将新建“{place}”</source>
        <translation>New: {place}</translation>
    </message>
    <message>
        <source>不知是哪个网格</source>
        <translation>Which grid?</translation>
    </message>
    <message>
        <source>姓名里的点不对</source>
        <translation>Stray dot in name</translation>
    </message>
    <message>
        <source>姓名里有标点</source>
        <translation>Punctuation in name</translation>
    </message>
    <message>
        <source>姓名只有一个字</source>
        <translation>Name of one character</translation>
    </message>
    <message>
        <source>户主取自户主栏</source>
        <translation>Head from head column</translation>
    </message>
    <message>
        <source>户主第 {row} 行待改</source>
        <translation>Head in row {row} waits</translation>
    </message>
    <message>
        <source>右边还有一张表</source>
        <translation>Another table beside</translation>
    </message>
    <message>
        <source>一格里两个人</source>
        <translation>Two people in a cell</translation>
    </message>
    <message>
        <source>有一张表没读</source>
        <translation>A sheet was not read</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>收件</source>
        <translation>Inbox</translation>
    </message>
    <message>
        <source>上报</source>
        <translation>Hand in</translation>
    </message>
    <message>
        <source>农户</source>
        <translation>Households</translation>
    </message>
    <message>
        <source>网格</source>
        <translation>Grids</translation>
    </message>
    <message>
        <source>设置</source>
        <translation>Settings</translation>
    </message>
</context>
<context>
    <name>ToastBox</name>
    <message>
        <source>撤销</source>
        <translation>Undo</translation>
    </message>
    <message>
        <source>恢复</source>
        <translation>Redo</translation>
    </message>
</context>
<context>
    <name>TrialPanel</name>
    <message>
        <source>试算，还没导入</source>
        <translation>Trial, not imported</translation>
    </message>
    <message>
        <source>{n} 条 · {f} 个文件</source>
        <translation>Entries {n}, files {f}</translation>
    </message>
    <message>
        <source>收下</source>
        <translation>New</translation>
    </message>
    <message>
        <source>条，导入后就在镇库里</source>
        <translation>entries for the town&apos;s store</translation>
    </message>
    <message>
        <source>重复</source>
        <translation>Known</translation>
    </message>
    <message>
        <source>个文件，以前收过，跳过</source>
        <translation>files received before, skipped</translation>
    </message>
    <message>
        <source>看不懂</source>
        <translation>Unread</translation>
    </message>
    <message>
        <source>条，新版本写的，先存着</source>
        <translation>entries of a newer version, kept</translation>
    </message>
    <message>
        <source>隔离</source>
        <translation>Held</translation>
    </message>
    <message>
        <source>条，超出这台电脑的权限，不入库</source>
        <translation>entries beyond the sender&apos;s rights</translation>
    </message>
    <message>
        <source>没收</source>
        <translation>Refused</translation>
    </message>
    <message>
        <source>个文件，原因在下面</source>
        <translation>files, reasons below</translation>
    </message>
    <message>
        <source>签名与登记的电脑一致</source>
        <translation>Signed by the enrolled computer</translation>
    </message>
    <message>
        <source>每条记录的先后和内容都核对过</source>
        <translation>Order and contents of every entry checked</translation>
    </message>
    <message>
        <source> 导入 {n} 条  F9</source>
        <translation> Import {n}  F9</translation>
    </message>
    <message>
        <source>导入 {n} 条</source>
        <translation>Import {n}</translation>
    </message>
    <message>
        <source>村里换电脑…</source>
        <translation>Replace computer...</translation>
    </message>
    <message>
        <source>带着邀请文件来的，导入后这台电脑就登记上</source>
        <translation>Comes with an invitation; importing registers this computer</translation>
    </message>
    <message>
        <source>以前收过</source>
        <translation>Taken before</translation>
    </message>
    <message>
        <source>没能收</source>
        <translation>Not taken</translation>
    </message>
</context>
<context>
    <name>Undo</name>
    <message>
        <source>这一步动过 {n} 条记录，要整批撤销吗？</source>
        <translation>This step touched {n} records. Undo all of it?</translation>
    </message>
    <message>
        <source>后来又改过的留着不动。撤销以后还能恢复。</source>
        <translation>What was changed since stays. It can be done again afterwards.</translation>
    </message>
    <message>
        <source>整批撤销</source>
        <translation>Undo all</translation>
    </message>
    <message>
        <source>这一步动过 {n} 条记录，要整批恢复吗？</source>
        <translation>This step touched {n} records. Bring all of it back?</translation>
    </message>
    <message>
        <source>恢复以后还能再撤销。</source>
        <translation>It can be undone again afterwards.</translation>
    </message>
    <message>
        <source>整批恢复</source>
        <translation>Bring all back</translation>
    </message>
</context>
<context>
    <name>UnlockPage</name>
    <message>
        <source>口令</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>恢复密钥</source>
        <translation>Recovery key</translation>
    </message>
    <message>
        <source>新口令，至少 12 个字</source>
        <translation>New passphrase, at least 12 characters</translation>
    </message>
    <message>
        <source>打开</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>忘了口令</source>
        <translation>Forgot passphrase</translation>
    </message>
    <message>
        <source>放大</source>
        <translation>Larger</translation>
    </message>
    <message>
        <source>数据加密存在本机</source>
        <translation>Data are encrypted on this computer</translation>
    </message>
    <message>
        <source>看一眼</source>
        <translation>Show</translation>
    </message>
    <message>
        <source>村级</source>
        <translation>village desk</translation>
    </message>
    <message>
        <source>镇级</source>
        <translation>town desk</translation>
    </message>
    <message>
        <source>新口令</source>
        <translation>New passphrase</translation>
    </message>
    <message>
        <source>上次打开</source>
        <translation>Last opened</translation>
    </message>
    <message>
        <source>上次备份</source>
        <translation>Last backup</translation>
    </message>
    <message>
        <source>还没有备份</source>
        <translation>none yet</translation>
    </message>
    <message>
        <source>没写完的草稿</source>
        <translation>Unfinished drafts</translation>
    </message>
    <message numerus="yes">
        <source>%n 份</source>
        <translation>
            <numerusform>%n draft</numerusform>
            <numerusform>%n drafts</numerusform>
        </translation>
    </message>
    <message>
        <source>今天 {t}</source>
        <translation>today {t}</translation>
    </message>
    <message>
        <source>昨天 {t}</source>
        <translation>yesterday {t}</translation>
    </message>
    <message>
        <source>正在打开，请稍候</source>
        <translation>Opening, please wait</translation>
    </message>
    <message>
        <source>恢复密钥（密钥单上的那一串）</source>
        <translation>Recovery key (from the key sheet)</translation>
    </message>
    <message>
        <source>想起口令了</source>
        <translation>Use passphrase</translation>
    </message>
    <message>
        <source>大写锁定开着</source>
        <translation>Caps Lock is on</translation>
    </message>
    <message>
        <source>从备份恢复</source>
        <translation>Restore</translation>
    </message>
    <message>
        <source>帮助</source>
        <translation>Help</translation>
    </message>
    <message>
        <source>换一个工作台</source>
        <translation>Another desk</translation>
    </message>
</context>
<context>
    <name>Unsent</name>
    <message>
        <source>农户</source>
        <translation>Households</translation>
    </message>
    <message>
        <source>家庭成员</source>
        <translation>Members</translation>
    </message>
    <message>
        <source>网格、小组和责任人</source>
        <translation>Grids, groups, responsibilities</translation>
    </message>
    <message>
        <source>其他</source>
        <translation>Other</translation>
    </message>
    <message>
        <source>随包一起的：本村和经办人的名字、打印和导出的记录</source>
        <translation>Goes along: names of village and clerk, notes of prints and exports</translation>
    </message>
</context>
<context>
    <name>_FieldsDialog</name>
    <message>
        <source>保存</source>
        <translation>Save</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
</context>
</TS>
