/** The widget's own styles, kept apart from the page's by the shadow root. `initial` and `!important` on the host
 * keep the page's rules for its elements away from it too. Only logical directions: the page may run from right to
 * left. The colours' contrasts are at least 4.5:1 for text in both themes. */
export const STYLES = `
:host{all:initial!important;position:fixed!important;inset:auto!important;inset-block-end:0!important;
inset-inline-end:0!important;z-index:2147483647!important;display:block!important;margin:0!important;border:0!important;
padding:0!important;background:none!important;overflow:visible!important;max-width:100vw!important;
color-scheme:light dark;
font:400 15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif!important;
--ink:#17202c;--soft:#55606f;--paper:#fff;--field:#f2f4f7;--edge:#d5dae1;--strong:#0b5d4b;--on:#fff;--tint:#e4f3ee;
--bad:#b3261e;--good:#11734f;--fair:#855a00;--ring:#0b5d4b;--shade:0 12px 40px rgb(16 24 40/.24),0 2px 8px rgb(16 24 40/.14)}
:host([data-position=start]){inset-inline:0 auto!important}
@media (prefers-color-scheme:dark){:host(:not([data-theme=light])){--ink:#eef1f5;--soft:#aeb8c4;--paper:#1b222c;
--field:#28313d;--edge:#3b4653;--strong:#7fdcbf;--on:#06241c;--tint:#1e3a34;--bad:#ffb0a8;--good:#7fdcbf;--fair:#f2c46d;
--ring:#a9f0da}}
:host([data-theme=dark]){color-scheme:dark;--ink:#eef1f5;--soft:#aeb8c4;--paper:#1b222c;--field:#28313d;--edge:#3b4653;
--strong:#7fdcbf;--on:#06241c;--tint:#1e3a34;--bad:#ffb0a8;--good:#7fdcbf;--fair:#f2c46d;--ring:#a9f0da}
:host([data-theme=light]){color-scheme:light}
*{box-sizing:border-box}
[hidden]{display:none!important}
.frame{display:flex;flex-direction:column;align-items:flex-end;gap:12px;padding:16px;color:var(--ink);
pointer-events:none;text-align:start}
:host([data-position=start]) .frame{align-items:flex-start}
.frame>*{pointer-events:auto}
button,input,select,a{font:inherit;color:inherit}
button,select{cursor:pointer}
button:disabled{cursor:default;opacity:.5}
:focus-visible{outline:3px solid var(--ring);outline-offset:2px}
svg{width:22px;height:22px;flex:none;fill:none;stroke:currentcolor;stroke-width:1.8;stroke-linecap:round;
stroke-linejoin:round}
.launcher{display:flex;align-items:center;gap:10px;min-height:52px;padding:0 20px;border:0;border-radius:26px;
background:var(--strong);color:var(--on);font-weight:600;box-shadow:var(--shade)}
.launcher .time{font-variant-numeric:tabular-nums;font-weight:500}
.launcher .dot{width:10px;height:10px;border-radius:50%;background:currentcolor;animation:pulse 1.6s infinite}
@keyframes pulse{50%{opacity:.35}}
.panel{width:min(360px,calc(100vw - 32px));max-height:min(620px,calc(100dvh - 100px));overflow:auto;
background:var(--paper);border:1px solid var(--edge);border-radius:18px;box-shadow:var(--shade)}
.panel:focus{outline:0}
header{display:flex;align-items:center;gap:4px;padding:10px 8px 6px 18px;padding-inline:18px 8px}
header .back{margin-inline-start:-10px}
h2{flex:1;margin:0;font-size:17px;line-height:1.3;font-weight:650}
h2:focus{outline:0}
.icon{display:grid;place-items:center;width:44px;height:44px;padding:0;border:0;border-radius:50%;background:none}
.icon:hover,.entry:hover,.plain:hover,.round:hover{background:var(--field)}
.body{padding:0 18px 18px}
p{margin:0}
.status{display:flex;align-items:center;gap:8px;min-height:22px;padding-block-end:12px;color:var(--soft)}
.status::before{content:"";width:9px;height:9px;border-radius:50%;flex:none;background:var(--soft)}
.status[data-state=free]::before{background:var(--good)}
.status[data-state=busy]::before{background:var(--fair)}
.menu,.said,.after{display:flex;flex-direction:column;gap:8px}
.entry{display:flex;align-items:center;gap:14px;width:100%;min-height:60px;padding:9px 14px;text-align:start;
border:1px solid var(--edge);border-radius:12px;background:var(--paper)}
.entry span{display:flex;flex-direction:column}
b{font-weight:600}
small{font-size:13px;color:var(--soft)}
.entry.main,.main{background:var(--strong);color:var(--on);border-color:transparent}
.entry.main:hover,.main:hover{background:var(--strong);filter:brightness(1.08)}
.entry.main small{color:inherit;opacity:.92}
button.main{min-height:48px;padding:10px 18px;border:0;border-radius:12px;font-weight:600;text-align:center}
button.entry.main{text-align:start;font-weight:400}
.plain{display:block;min-height:44px;padding:10px 14px;border:1px solid var(--edge);border-radius:12px;background:none;
text-align:center;text-decoration:none}
label{font-weight:600}
input,select{width:100%;min-height:48px;padding:8px 12px;border:1px solid var(--soft);border-radius:10px;
background:var(--paper);color:var(--ink)}
input[aria-invalid]{border-color:var(--bad)}
.problem{color:var(--bad)}
.problem:empty,.notice:empty,.quality:empty,.call .time:empty{display:none}
[tabindex="-1"]:focus{outline:0}
.hint,.notice{color:var(--soft)}
.code{padding:14px;border-radius:12px;background:var(--tint);text-align:center;font-size:34px;line-height:1.2;
font-weight:650;letter-spacing:.06em;font-variant-numeric:tabular-nums;min-height:69px}
.call{display:flex;flex-direction:column;gap:10px;text-align:center}
.line{font-size:17px;font-weight:600;padding-block-start:6px}
.call .time{color:var(--soft);font-variant-numeric:tabular-nums;min-height:22px}
.quality{font-size:13px;color:var(--good)}
.quality[data-quality=fair]{color:var(--fair)}
.quality[data-quality=poor],.quality[data-quality=lost]{color:var(--bad)}
.controls{display:grid;grid-template-columns:repeat(4,1fr);gap:6px;padding-block-start:4px}
.round,.hangup{display:flex;flex-direction:column;align-items:center;gap:4px;min-height:62px;padding:8px 2px;border:0;
border-radius:12px;background:none;font-size:12px;line-height:1.25;overflow-wrap:anywhere}
.round[aria-pressed=true]{background:var(--tint);color:var(--strong)}
.hangup{background:#b3261e;color:#fff}
.hangup:hover{background:#8f1d17}
.keypad{display:grid;grid-template-columns:repeat(3,1fr);gap:6px}
.keypad button{min-height:48px;border:1px solid var(--edge);border-radius:12px;background:var(--field);font-size:19px;
font-variant-numeric:tabular-nums}
.keypad button:active{background:var(--tint)}
input[type=range]{display:block;min-height:44px;padding:0;border:0;accent-color:var(--strong);background:none;cursor:pointer}
.devices{display:flex;flex-direction:column;gap:8px;text-align:start}
.devices label span{font-size:13px;color:var(--soft);font-weight:500}
.offer{margin-block:8px}
.order{display:flex;flex-direction:column;gap:8px;margin-block-end:12px;padding:12px;border-radius:12px;
background:var(--tint)}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:480px){.frame{padding:12px}.panel{width:calc(100vw - 24px)}.launcher.quiet .words{position:absolute;width:1px;height:1px;
overflow:hidden;clip-path:inset(50%)}
.launcher.quiet{padding:0 15px}}
@media (prefers-reduced-motion:reduce){*{animation:none!important}}
@media (forced-colors:active){.panel,.launcher,.hangup{border:1px solid}}
@media print{:host{display:none!important}}
`;
