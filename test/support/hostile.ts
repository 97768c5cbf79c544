const OVERRIDE = '\u202e'
const ISOLATES = '\u2066\u2067\u2069'
const ZERO_WIDTH = '\u200b\u200c\u200d\u2060\ufeff'

/** Payloads that have broken some viewer. Any that runs sets `owned` on the page's window. */
export const HOSTILE: readonly (string | Buffer)[] = [
  `<script>window.owned = 1</script><img src=x onerror="window.owned=1"><svg/onload=window.owned=1>\n`,
  `</pre></textarea></title><iframe srcdoc="<script>parent.owned=1</script>"></iframe><base href="http://evil.test/">\n`,
  `<link rel=stylesheet href="http://evil.test/a.css"><img src="http://evil.test/b.png"><meta http-equiv=refresh content=0>\n`,
  `javascript:window.owned=1 <a href="javascript:window.owned=1" onmouseover=window.owned=1 autofocus onfocus=window.owned=1>x</a>\n`,
  `{{constructor.constructor("window.owned=1")()}} \${window.owned=1} #{window.owned=1} <%= owned %> {@html owned} {#if owned}\n`,
  `__proto__[owned]=1&constructor.prototype.owned=1 {"__proto__":{"owned":1}}\n`,
  `\x1b[2J\x1b[31;1mred\x1b[0m\x1b]0;title\x07\x1b]8;;http://evil.test\x1b\\link\x1b[6n\x9b31m\x08\x08\x7f\x00\n`,
  `${OVERRIDE}gnp.exe\u202c ${ISOLATES} a${ZERO_WIDTH}b \u00a0\u3000\u2028\u2029\u00ad\u{e0041}\ue000 e${'\u0301'.repeat(300)}\n`,
  `=cmd|'/C calc'!A0,+1+1,-2+3,@SUM(A1)\t"=HYPERLINK(""http://evil.test"")"\r\n`,
  `' OR 1=1 -- ; rm -rf $(pwd) \`id\` %n%s%x \\x41 \\u0041 \\\r\r\r\n\n\n`,
  Buffer.from([0xff, 0xfe, 0xff, 0x00, 0xc0, 0xaf, 0xed, 0xa0, 0x80, 0xf4, 0x90, 0x80, 0x80, 0xe2, 0x82, 0xc3, 0x0a]),
  Buffer.alloc(600, 0xff),
  Buffer.alloc(600),
  Buffer.from(Array.from({ length: 256 }, (_, value) => value)),
]
