// The frame around every page, and what it may load: nothing but its own style.
import { createHash } from 'node:crypto';
import { type Html, html } from './html.ts';
import { type Page, type View, at, href } from './view.ts';

const style = `
:root{color-scheme:light dark;--line:#8885;--soft:#8881;--link:#0b57d0;--quiet:#5f6368;--bad:#b3261e;--good:#146c2e}
@media (prefers-color-scheme:dark){:root{--link:#a8c7fa;--quiet:#9aa0a6;--bad:#f2b8b5;--good:#8ddb9b}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:72rem;padding:0 1rem 3rem;overflow-wrap:anywhere}
a{color:var(--link)}
a:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible,summary:focus-visible{outline:2px solid var(--link);outline-offset:2px}
header{border-bottom:1px solid var(--line);margin-bottom:1.5rem;padding:.75rem 0}
header nav ul,.pages ul,.plain{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1rem}
header nav a{display:inline-block;padding:.25rem 0}
a[aria-current]{color:inherit;font-weight:600;text-decoration-thickness:2px;text-underline-offset:.4em}
main form.row,.plain{margin-bottom:1rem}.pages{margin-top:1rem}
.skip{position:absolute;left:-99rem}.skip:focus{position:static}
.bar{display:flex;flex-wrap:wrap;gap:.5rem .75rem;align-items:center;margin-top:.5rem}
form.row{display:flex;flex-wrap:wrap;gap:.35rem;align-items:center}
button,input,select{font:inherit;padding:.2rem .6rem;border:1px solid var(--line);border-radius:.35rem;background:var(--soft);color:inherit}
button{cursor:pointer}
input[name=advance]{width:6rem}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 1rem}h2{font-size:1.2rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:1.25rem 0 .25rem}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--quiet);padding-bottom:.25rem}
td,th{padding:.35rem .75rem .35rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);min-width:5rem;max-width:32rem;overflow-wrap:break-word}
th[scope=col]{overflow-wrap:normal}th[scope=row]{font-weight:inherit}
dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.25rem 1.25rem;margin:0}dd{margin:0}dt,small,.empty{color:var(--quiet)}
time{white-space:nowrap}small{white-space:nowrap}
pre{background:var(--soft);border:1px solid var(--line);border-radius:.35rem;padding:.6rem .8rem;overflow:auto;max-height:24rem;margin:.35rem 0;font-size:.85rem;white-space:pre-wrap;direction:ltr}
pre.copy{user-select:all}
iframe{width:100%;height:28rem;border:1px solid var(--line);background:#fff}
.good{color:var(--good)}.bad{color:var(--bad)}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr));gap:.75rem;list-style:none;padding:0;margin:0}
.cards li{border:1px solid var(--line);border-radius:.5rem;padding:.6rem .8rem}.cards b{display:block;font-size:1.4rem}
.line{list-style:none;padding:0;margin:0}.line>li{border-left:2px solid var(--line);padding:.25rem 0 .75rem 1rem}
.steps p{margin:.25rem 0 0}.steps{padding-left:1.25rem;margin:.25rem 0}dl+.steps{margin-top:1rem}.steps ol{padding-left:1.5rem}
@media (max-width:40rem){
thead{position:absolute;left:-99rem}tbody tr{display:block;border-bottom:1px solid var(--line);padding:.4rem 0}
tbody td,tbody th{display:block;border:0;padding:0;max-width:none}tbody th[scope=row]{font-weight:600}td::before{content:attr(data-column) ": ";color:var(--quiet)}td pre{display:block}
dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}}
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** What every answer with a page says besides. Forms need to say where they come from: hence the referrer policy. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex',
};

const sections = [
  ['Overview', at()],
  ['Messages', at('inbox')],
  ['People', at('people')],
  ['Segments and lists', at('segments')],
  ['Flows', at('flows')],
  ['Work', at('work')],
] as const;

/** The whole document. Without a view there is no way to tell the time or the account: only the page itself. */
export function documentOf({ title, body }: Page, view?: View): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Millrace</title>
        ${{ html: `<style>${style}</style>` }}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the page</a>
        <header>${view && navigation(view)}</header>
        <main id="main">
          <h1><bdi>${title}</bdi></h1>
          ${body}
        </main>
      </body>
    </html> `.html;
}

function navigation(view: View): Html {
  const items = sections.map(([words, path]) => {
    const isHere = path === at() ? view.path === '/' || view.path === path : view.path.startsWith(path);
    const current = isHere ? html` aria-current="${view.path === path ? 'page' : 'true'}"` : undefined;
    return html`<li><a href="${href(view, path)}" ${current}>${words}</a></li>`;
  });
  return html`<nav aria-label="Millrace">
      <ul>
        ${items}
      </ul>
    </nav>
    <div class="bar">${accountForm(view)}${clockForms(view)}</div>`;
}

/** Only where there is a choice. */
function accountForm({ accounts, account }: View): Html {
  if (accounts.length < 2) return html``;
  const options = accounts.map(
    ({ id, name }) =>
      html`<option value="${id}" ${id === account ? html` selected` : undefined}>${name} (${id})</option>`,
  );
  return html`<form class="row" action="${at()}" method="get">
    <label for="account">Account</label>
    <select id="account" name="account">
      ${options}</select
    ><button>Show</button>
  </form>`;
}

const steps = ['1h', '1d', '7d', '30d'] as const;

function clockForms({ now, path, query }: View): Html {
  const back = query.size === 0 ? path : `${path}?${query.toString()}`;
  const action = at('forms', 'clock');
  const hidden = html`<input type="hidden" name="back" value="${back}" />`;
  const text = new Date(now).toISOString();
  return html`<time datetime="${text}">${text.slice(0, 19).replace('T', ' ')} UTC</time>
    <form class="row" action="${action}" method="post" aria-label="Turn the clock forward">
      ${hidden} ${steps.map((step) => html`<button name="advance" value="${step}">+${step}</button>`)}
    </form>
    <form class="row" action="${action}" method="post">
      ${hidden}<label for="advance">or by</label>
      <input id="advance" name="advance" placeholder="90m" required maxlength="30" autocomplete="off" /><button>
        Turn
      </button>
    </form>`;
}
