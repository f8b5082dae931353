/** Tabler, cut to the classes we use. A selector stays when every class it names matches KEEP; a variable when somebody reads it. */

const SIDES = "[mp][tbesxy]?-(auto|\\d)", AT = "(-(sm|md|lg|xl|print))?";
const KEEP = new RegExp(`^(${[
  "row|col(-.+)?|g[xy]?-\\d|container(-.+)?",
  "btn|btn-(primary|danger|sm|icon|close|ghost)|disabled|active|show",
  "card|card-(body|header|title|footer)|table|badge",
  "form-(control|label|select|check|check-input|check-label|hint|fieldset|text|switch|control-plaintext)|form-check-inline",
  "input-group(-text)?|is-(in)?valid|(in)?valid-feedback|was-validated|required",
  "list-(unstyled|inline|inline-item)|blockquote|small|lead|mark|text-reset|visually-hidden(-focusable)?",
  SIDES, `d${AT}-(none|block|inline|inline-block|flex|inline-flex|grid)`, "gap-\\d|row-gap-\\d|column-gap-\\d",
  `flex${AT}-(row|column|wrap|nowrap|fill)|flex-(grow|shrink)-[01]|justify-content-\\w+|align-(items|self|content)-\\w+`,
  "text-(start|end|center|break|nowrap|wrap|truncate|body|secondary|decoration-none|uppercase|lowercase)",
  "fw-\\w+|fs-\\d|lh-\\w+|font-monospace|[wh]-(25|50|75|100|auto)|position-\\w+|top-0|end-0|start-0|overflow-\\w+|sticky-top|m[wh]-100|order-\\w+",
].join("|")})$`);
const FRAMES = /@(media|supports|layer|container)/;

export function trim(css, alsoReads) {
  const licences = [...new Set(css.match(/\/\*![^]*?\*\//g))].join("");
  let kept = blocks(css.replace(/\/\*[^]*?\*\//g, "")).map(keep).join("");
  for (let before = -1; before !== kept.length;) {        // a variable that only a dropped variable read goes too
    before = kept.length;
    const read = new Set([...`${kept} ${alsoReads}`.matchAll(/var\(\s*(--[\w-]+)/g)].map((found) => found[1]));
    kept = kept.replace(/([{;])--tblr-[\w-]+:(?:"[^"]*"|'[^']*'|\([^()]*(?:\([^()]*\)[^()]*)*\)|[^;{}"'()])*(?=[;}])/g,
      (declaration, opening) => (read.has(declaration.slice(1).split(":")[0]) ? declaration : opening));
    kept = kept.replace(/;{2,}/g, ";").replace(/\{;/g, "{").replace(/[^{}]+\{\}/g, "");
  }
  return licences + kept;
}

function keep({ head, body }) {
  if (body === null) return head.startsWith("@charset") ? "" : `${head};`;
  if (FRAMES.test(head)) {
    const inside = blocks(body).map(keep).join("");
    return inside && `${head}{${inside}}`;
  }
  if (head.startsWith("@keyframes") || head.startsWith("@-webkit-keyframes")) return "";
  if (head.startsWith("@")) return `${head}{${body}}`;
  const selectors = split(head, ",").filter(known);
  return selectors.length ? `${selectors.join(",")}{${body}}` : "";
}

function known(selector) {
  const bare = selector.replace(/\[[^\]]*\]/g, "");
  return [...bare.matchAll(/\.((?:[\w-]|\\.)+)/g)].every(([, name]) => KEEP.test(name));
}

/** Cuts a style sheet into `{head, body}`; a statement without braces has the body null. */
function blocks(css) {
  const found = [];
  for (let at = 0; at < css.length;) {
    const open = next(css, at, "{;");
    if (open < 0) break;
    const head = css.slice(at, open).trim();
    const close = css[open] === ";" ? open : shut(css, open);
    if (head) found.push({ head, body: css[open] === ";" ? null : css.slice(open + 1, close) });
    at = close + 1;
  }
  return found;
}

function shut(css, open) {
  for (let at = open + 1, depth = 1; ; at += 1) {
    at = next(css, at, "{}");
    depth += css[at] === "{" ? 1 : -1;
    if (depth === 0) return at;
  }
}

/** Where one of the signs stands next, outside of quotes. */
function next(css, from, signs) {
  for (let at = from, quote = ""; at < css.length; at += 1) {
    if (css[at] === "\\") at += 1;
    else if (quote) quote = css[at] === quote ? "" : quote;
    else if (css[at] === '"' || css[at] === "'") quote = css[at];
    else if (signs.includes(css[at])) return at;
  }
  return -1;
}

function split(text, sign) {
  const parts = [""];
  let depth = 0;
  for (const letter of text) {
    if ("([".includes(letter)) depth += 1;
    if (")]".includes(letter)) depth -= 1;
    if (letter === sign && depth === 0) parts.push("");
    else parts[parts.length - 1] += letter;
  }
  return parts.map((part) => part.trim());
}
